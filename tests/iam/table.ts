import type { Context, Verdict } from "./simulate.ts";

/**
 * What IAM answers, as reviewed. Resources stand for ARNs: `{key shared}` is the stack's own KMS key of that logical name,
 * `{other key shared}` the same of another environment in the same account, `{every bucket}` each bucket of the stack;
 * `{pool}` is the environment's Cognito user pool, which may lie in another region than the stack; `{account}` and `{region}`
 * are the stack's, `{stranger}` is an account that has nothing to do with it; `{master-secret database}` is what RDS keeps;
 * `{enterprise}` is nothing, and makes a row one about stacks of that scale alone.
 *
 * tests/iam/table.test.ts asks the simulator about every row, in both directions between staging and production and at
 * each scale that has what the row names. Beyond the rows it derives, for each allowed one,
 * - the same without each of its condition keys: denied,
 * - the same for the other environment's resource of that name: denied.
 */
export type Row = readonly [verdict: Verdict, action: string, resource: string, context?: Context];

/** A role's rows. */
export interface RoleRows {
  role: string;
  /** The service that may assume it, and with which condition keys. */
  trust: readonly [service: string, context?: Context];
  rows: readonly Row[];
}

/** A row about somebody who is no role of the stack: see `Request.who`. */
export type OutsiderRow = readonly [
  verdict: Verdict,
  who: string,
  action: string,
  resource: string,
  context?: Context,
];

const viaSecretsManager = { "kms:ViaService": "secretsmanager.{region}.amazonaws.com" };
const viaQueues = { "kms:ViaService": "sqs.{region}.amazonaws.com" };
const viaLambda = { "kms:ViaService": "lambda.{region}.amazonaws.com" };

const logsOf = (group: string): string => `{log-group ${group}}:log-stream:one`;
const pool = "{pool}";
const otherPool = "{other pool}";
const monitoring = "arn:aws:logs:{region}:{account}:log-group:RDSOSMetrics";

/** What the API may do at both scales. */
const application: readonly Row[] = [
  ["allowed", "secretsmanager:GetSecretValue", "{every secret}"],
  ["denied", "secretsmanager:GetSecretValue", "{other secret secrets-external-services}"],
  [
    "denied",
    "secretsmanager:GetSecretValue",
    "arn:aws:secretsmanager:{region}:{account}:secret:/macro-ai/{segment}/not-the-stacks-AbCdEf",
  ],
  [
    "denied",
    "secretsmanager:GetSecretValue",
    "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-master-AbCdEf",
  ],
  ["denied", "secretsmanager:PutSecretValue", "{secret secrets-api-keys}"],
  ["denied", "secretsmanager:DeleteSecret", "{secret secrets-api-keys}"],
  ["allowed", "kms:Decrypt", "{key shared}", viaSecretsManager],
  ["denied", "kms:Encrypt", "{key shared}", viaSecretsManager],
  ["allowed", "cognito-idp:AdminGetUser", pool],
  ["allowed", "cognito-idp:AdminInitiateAuth", pool],
  ["allowed", "cognito-idp:AdminRespondToAuthChallenge", pool],
  ["allowed", "cognito-idp:AdminUserGlobalSignOut", pool],
  ["allowed", "cognito-idp:DescribeUserPool", pool],
  ["denied", "cognito-idp:AdminGetUser", otherPool],
  ["denied", "cognito-idp:AdminInitiateAuth", otherPool],
  ["denied", "cognito-idp:AdminDeleteUser", pool],
  ["denied", "cognito-idp:AdminSetUserPassword", pool],
  ["denied", "cognito-idp:AdminAddUserToGroup", pool],
  ["denied", "cognito-idp:DescribeUserPoolClient", pool],
  ["denied", "cognito-idp:UpdateUserPool", pool],
  ["allowed", "xray:PutTraceSegments", "*"],
  ["allowed", "xray:PutTelemetryRecords", "*"],
  ["allowed", "xray:GetSamplingRules", "*"],
  ["allowed", "xray:GetSamplingTargets", "*"],
  ["allowed", "xray:GetSamplingStatisticSummaries", "*"],
  ["denied", "xray:PutEncryptionConfig", "*"],
  ["denied", "xray:BatchGetTraces", "*"],
];

/** What every function that looks after secrets may do to run. */
const running: readonly Row[] = [
  ["allowed", "logs:CreateLogStream", logsOf("rotation")],
  ["allowed", "logs:PutLogEvents", logsOf("rotation")],
  ["denied", "logs:PutLogEvents", logsOf("api-logs")],
  ["denied", "logs:CreateLogGroup", "{log-group rotation}"],
  // At hobby scale they share the API's.
  ["allowed", "sqs:SendMessage", "{every queue}"],
  ["denied", "sqs:ReceiveMessage", "{every queue}"],
  ["allowed", "kms:Decrypt", "{key shared}", viaLambda],
  ["denied", "kms:GenerateDataKey", "{key shared}", viaLambda],
  ["allowed", "kms:Decrypt", "{key shared}", viaQueues],
  ["allowed", "kms:GenerateDataKey", "{key shared}", viaQueues],
  ["allowed", "xray:PutTraceSegments", "*"],
  ["allowed", "xray:PutTelemetryRecords", "*"],
  ["allowed", "xray:GetSamplingRules", "*"],
  ["allowed", "xray:GetSamplingTargets", "*"],
  ["allowed", "xray:GetSamplingStatisticSummaries", "*"],
];

const interfaceOf = "arn:aws:ec2:{region}:{account}:network-interface/any{enterprise}";
const byItsCode = { "lambda:SourceFunctionArn": "arn:aws:lambda:{region}:{account}:function:any" };

/** What Lambda needs to place a function in a VPC, and what the function's code must not do with it. */
const placing: readonly Row[] = [
  ["allowed", "ec2:CreateNetworkInterface", interfaceOf],
  ["allowed", "ec2:DeleteNetworkInterface", interfaceOf],
  ["allowed", "ec2:DescribeNetworkInterfaces", "*{enterprise}"],
  ["allowed", "ec2:DescribeSubnets", "*{enterprise}"],
  ["allowed", "ec2:AssignPrivateIpAddresses", interfaceOf],
  ["allowed", "ec2:UnassignPrivateIpAddresses", interfaceOf],
  ["denied", "ec2:CreateNetworkInterface", interfaceOf, byItsCode],
  ["denied", "ec2:DeleteNetworkInterface", interfaceOf, byItsCode],
  ["denied", "ec2:AssignPrivateIpAddresses", interfaceOf, byItsCode],
  ["denied", "ec2:AuthorizeSecurityGroupIngress", "arn:aws:ec2:{region}:{account}:security-group/any"],
];

/** The four steps of a rotation of one secret, and no other. */
const rotating = (secret: string, stranger: string): readonly Row[] => [
  ["allowed", "secretsmanager:DescribeSecret", `{secret ${secret}}`],
  ["allowed", "secretsmanager:GetSecretValue", `{secret ${secret}}`],
  ["allowed", "secretsmanager:PutSecretValue", `{secret ${secret}}`],
  ["allowed", "secretsmanager:UpdateSecretVersionStage", `{secret ${secret}}`],
  ["denied", "secretsmanager:RotateSecret", `{secret ${secret}}`],
  ["denied", "secretsmanager:UpdateSecret", `{secret ${secret}}`],
  ["denied", "secretsmanager:GetSecretValue", `{secret ${stranger}}`],
  ["denied", "secretsmanager:PutSecretValue", `{secret ${stranger}}`],
  ["allowed", "kms:Decrypt", "{key shared}", viaSecretsManager],
  ["allowed", "kms:GenerateDataKey", "{key shared}", viaSecretsManager],
  ["denied", "kms:Encrypt", "{key shared}", viaSecretsManager],
];

/** The master user's login, to read. */
const asMaster: readonly Row[] = [
  ["allowed", "secretsmanager:GetSecretValue", "{master-secret database}"],
  ["denied", "secretsmanager:PutSecretValue", "{master-secret database}"],
  ["allowed", "kms:Decrypt", "{key database-key}", viaSecretsManager],
  ["denied", "kms:GenerateDataKey", "{key database-key}", viaSecretsManager],
];

/** Every role of every stack. */
export const roles: readonly RoleRows[] = [
  {
    // The function at hobby scale.
    role: "api",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...application,
      ["allowed", "logs:CreateLogStream", logsOf("api-logs")],
      ["allowed", "logs:PutLogEvents", logsOf("api-logs")],
      ["denied", "logs:PutLogEvents", logsOf("trail-events")],
      ["denied", "logs:CreateLogGroup", "{log-group api-logs}"],
      ["denied", "logs:DeleteLogGroup", "{log-group api-logs}"],
      ["allowed", "sqs:SendMessage", "{queue api-dead-letters}"],
      ["denied", "sqs:ReceiveMessage", "{queue api-dead-letters}"],
      ["allowed", "kms:Decrypt", "{key shared}", viaLambda],
      ["denied", "kms:GenerateDataKey", "{key shared}", viaLambda],
      ["allowed", "kms:GenerateDataKey", "{key shared}", viaQueues],
      ["allowed", "kms:Decrypt", "{key shared}", viaQueues],
      ["denied", "kms:GenerateDataKey", "{key shared}", viaSecretsManager],
      ["denied", "lambda:UpdateFunctionCode", "{function api}"],
      ["denied", "lambda:GetFunction", "{function api}"],
    ],
  },
  {
    // ECS, which starts the containers.
    role: "api-execution",
    trust: [
      "ecs-tasks.amazonaws.com",
      { "aws:SourceAccount": "{account}", "aws:SourceArn": "arn:aws:ecs:{region}:{account}:task/cluster/1" },
    ],
    rows: [
      ["allowed", "ecr:GetAuthorizationToken", "*"],
      ["allowed", "ecr:BatchCheckLayerAvailability", "{repository registry-macro-ai-express-api}"],
      ["allowed", "ecr:BatchGetImage", "{repository registry-macro-ai-express-api}"],
      ["allowed", "ecr:GetDownloadUrlForLayer", "{repository registry-macro-ai-express-api}"],
      ["denied", "ecr:BatchGetImage", "{repository registry-macro-ai-client-ui}"],
      ["denied", "ecr:PutImage", "{repository registry-macro-ai-express-api}"],
      ["allowed", "logs:CreateLogStream", logsOf("api-logs")],
      ["allowed", "logs:PutLogEvents", logsOf("api-logs")],
      ["denied", "logs:PutLogEvents", logsOf("cluster-sessions")],
      // The application reads its secrets itself, with its own role.
      ["denied", "secretsmanager:GetSecretValue", "{every secret}"],
      ["denied", "kms:Decrypt", "{key shared}", viaSecretsManager],
      ["denied", "xray:PutTraceSegments", "*"],
    ],
  },
  {
    // The application inside them.
    role: "api-task",
    trust: [
      "ecs-tasks.amazonaws.com",
      { "aws:SourceAccount": "{account}", "aws:SourceArn": "arn:aws:ecs:{region}:{account}:task/cluster/1" },
    ],
    rows: [
      ...application,
      ["allowed", "ssmmessages:CreateControlChannel", "*"],
      ["allowed", "ssmmessages:CreateDataChannel", "*"],
      ["allowed", "ssmmessages:OpenControlChannel", "*"],
      ["allowed", "ssmmessages:OpenDataChannel", "*"],
      ["denied", "ssm:StartSession", "arn:aws:ecs:{region}:{account}:task/cluster/1"],
      ["denied", "ssm:GetParameter", "arn:aws:ssm:{region}:{account}:parameter/any"],
      ["allowed", "logs:DescribeLogGroups", "*"],
      ["denied", "logs:DescribeLogStreams", "{log-group api-logs}"],
      ["allowed", "logs:CreateLogStream", logsOf("cluster-sessions")],
      ["allowed", "logs:DescribeLogStreams", "{log-group cluster-sessions}"],
      ["allowed", "logs:PutLogEvents", logsOf("cluster-sessions")],
      ["denied", "logs:PutLogEvents", logsOf("api-logs")],
      ["denied", "logs:PutLogEvents", logsOf("trail-events")],
      ["denied", "logs:GetLogEvents", logsOf("cluster-sessions")],
      ["allowed", "kms:Decrypt", "{key shared}", { "kms:EncryptionContext:aws:ssm:SessionId": "session-1" }],
      ["denied", "kms:Decrypt", "{key shared}", viaQueues],
      ["denied", "kms:Decrypt", "{key database-key}", viaSecretsManager],
      ["denied", "kms:GenerateDataKey", "{key shared}", viaSecretsManager],
      ["denied", "ecr:GetAuthorizationToken", "*"],
      ["denied", "ecs:ExecuteCommand", "arn:aws:ecs:{region}:{account}:task/cluster/1"],
      ["denied", "rds-db:connect", "arn:aws:rds-db:{region}:{account}:dbuser:db-1/administrator"],
    ],
  },
  {
    // The connection pool before the database.
    role: "proxy-role",
    trust: ["rds.amazonaws.com"],
    rows: [
      ["allowed", "secretsmanager:GetSecretValue", "{secret secrets-database-credentials}"],
      ["allowed", "secretsmanager:DescribeSecret", "{secret secrets-database-credentials}"],
      ["denied", "secretsmanager:GetSecretValue", "{secret secrets-api-keys}"],
      ["denied", "secretsmanager:GetSecretValue", "{secret secrets-external-services}"],
      ["denied", "secretsmanager:PutSecretValue", "{secret secrets-database-credentials}"],
      ["allowed", "kms:Decrypt", "{key shared}", viaSecretsManager],
      ["denied", "kms:Decrypt", "{key database-key}", viaSecretsManager],
    ],
  },
  {
    // RDS's enhanced monitoring, whose log group bears one name for all databases of an account and region.
    role: "database-monitoring",
    trust: ["monitoring.rds.amazonaws.com", { "aws:SourceAccount": "{account}" }],
    rows: [
      ["allowed", "logs:CreateLogGroup", monitoring],
      ["allowed", "logs:PutRetentionPolicy", monitoring],
      ["allowed", "logs:CreateLogStream", `${monitoring}:log-stream:db-1`],
      ["allowed", "logs:DescribeLogStreams", monitoring],
      ["allowed", "logs:GetLogEvents", `${monitoring}:log-stream:db-1`],
      ["allowed", "logs:PutLogEvents", `${monitoring}:log-stream:db-1`],
      ["denied", "logs:PutLogEvents", logsOf("trail-events")],
      ["denied", "logs:GetLogEvents", logsOf("api-logs")],
      ["denied", "logs:DeleteLogGroup", monitoring],
      ["denied", "rds:DescribeDBInstances", "arn:aws:rds:{region}:{account}:db:any"],
    ],
  },
  {
    role: "network-flow-role",
    trust: [
      "vpc-flow-logs.amazonaws.com",
      {
        "aws:SourceAccount": "{account}",
        "aws:SourceArn": "arn:aws:ec2:{region}:{account}:vpc-flow-log/fl-1",
      },
    ],
    rows: [
      ["allowed", "logs:CreateLogStream", logsOf("network-flow")],
      ["allowed", "logs:DescribeLogStreams", "{log-group network-flow}"],
      ["allowed", "logs:PutLogEvents", logsOf("network-flow")],
      ["denied", "logs:PutLogEvents", logsOf("api-logs")],
      ["denied", "logs:CreateLogGroup", "{log-group network-flow}"],
      ["denied", "logs:DeleteLogStream", logsOf("network-flow")],
    ],
  },
  {
    // At enterprise scale as the master user, in the network; at hobby as the login itself, at Neon.
    role: "rotation-database",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...running,
      ...placing,
      ...rotating("secrets-database-credentials", "secrets-api-keys"),
      ...asMaster,
      ["denied", "rds:ModifyDBInstance", "arn:aws:rds:{region}:{account}:db:any"],
    ],
  },
  {
    role: "rotation-cache",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...running,
      ...placing,
      ...rotating("secrets-cache-credentials", "secrets-database-credentials"),
      ["allowed", "elasticache:DescribeReplicationGroups", "{cache cache}"],
      ["allowed", "elasticache:ModifyReplicationGroup", "{cache cache}"],
      ["denied", "elasticache:DeleteReplicationGroup", "{cache cache}"],
    ],
  },
  {
    role: "rotation-keyring",
    trust: ["lambda.amazonaws.com"],
    rows: [...running, ...rotating("secrets-api-keys", "secrets-external-services")],
  },
  {
    role: "rotation-external",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...running,
      ...rotating("secrets-external-services", "secrets-api-keys"),
      ["allowed", "cognito-idp:AddUserPoolClientSecret", pool],
      ["allowed", "cognito-idp:DeleteUserPoolClientSecret", pool],
      ["allowed", "cognito-idp:ListUserPoolClientSecrets", pool],
      ["denied", "cognito-idp:AddUserPoolClientSecret", otherPool],
      ["denied", "cognito-idp:DeleteUserPoolClientSecret", otherPool],
      ["denied", "cognito-idp:UpdateUserPoolClient", pool],
      ["denied", "cognito-idp:AdminGetUser", pool],
    ],
  },
  {
    role: "rotation-reminder",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...running,
      ["allowed", "secretsmanager:DescribeSecret", "{secret secrets-external-services}"],
      ["allowed", "secretsmanager:GetSecretValue", "{secret secrets-external-services}"],
      ["denied", "secretsmanager:PutSecretValue", "{secret secrets-external-services}"],
      ["denied", "secretsmanager:GetSecretValue", "{secret secrets-api-keys}"],
      ["allowed", "kms:Decrypt", "{key shared}", viaSecretsManager],
      ["denied", "kms:GenerateDataKey", "{key shared}", viaSecretsManager],
    ],
  },
  {
    role: "bootstrap",
    trust: ["lambda.amazonaws.com"],
    rows: [
      ...running,
      ...placing,
      ...asMaster,
      ["allowed", "secretsmanager:GetSecretValue", "{secret secrets-database-credentials}"],
      ["denied", "secretsmanager:PutSecretValue", "{secret secrets-database-credentials}"],
      ["denied", "secretsmanager:GetSecretValue", "{secret secrets-api-keys}"],
      ["allowed", "kms:Decrypt", "{key shared}", viaSecretsManager],
      ["denied", "kms:GenerateDataKey", "{key shared}", viaSecretsManager],
    ],
  },
  {
    role: "trail-logs",
    trust: ["cloudtrail.amazonaws.com", { "aws:SourceArn": "{trail trail}" }],
    rows: [
      ["allowed", "logs:CreateLogStream", logsOf("trail-events")],
      ["allowed", "logs:PutLogEvents", logsOf("trail-events")],
      ["denied", "logs:PutLogEvents", logsOf("api-logs")],
      ["denied", "logs:DeleteLogStream", logsOf("trail-events")],
      ["denied", "logs:PutRetentionPolicy", "{log-group trail-events}"],
    ],
  },
];

/** What no role of any stack may do: the ways to more than it was given, and the ways to destroy. */
export const noRole: readonly (readonly [action: string, resource: string, context?: Context])[] = [
  ["iam:PassRole", "{every role}"],
  ["iam:PutRolePolicy", "{every role}"],
  ["iam:AttachRolePolicy", "{every role}"],
  ["iam:UpdateAssumeRolePolicy", "{every role}"],
  ["iam:CreateAccessKey", "arn:aws:iam::{account}:user/any"],
  ["sts:AssumeRole", "{every role}"],
  ["sts:AssumeRole", "arn:aws:iam::{account}:role/administrator"],
  ["kms:CreateGrant", "{every key}"],
  ["kms:PutKeyPolicy", "{every key}"],
  ["kms:ScheduleKeyDeletion", "{every key}"],
  ["kms:Decrypt", "{every key}"],
  ["kms:Decrypt", "{other key shared}", viaSecretsManager],
  ["secretsmanager:PutResourcePolicy", "{every secret}"],
  ["secretsmanager:DeleteSecret", "{every secret}"],
  ["secretsmanager:ListSecrets", "*"],
  ["s3:PutBucketPolicy", "{every bucket}"],
  ["s3:GetObject", "{every bucket}/any"],
  ["s3:DeleteObject", "{every bucket}/any"],
  ["logs:DeleteLogGroup", "{every log-group}"],
  ["logs:PutResourcePolicy", "*"],
  ["sns:Publish", "{every topic}"],
  ["sns:Subscribe", "{every topic}"],
  ["cloudtrail:StopLogging", "{trail trail}"],
  ["ecr:SetRepositoryPolicy", "{every repository}"],
  ["lambda:InvokeFunction", "{every function}"],
];
