import type { OutsiderRow } from "./table.ts";

// AWS's services.
const cloudwatch = "cloudwatch.amazonaws.com";
const budgets = "budgets.amazonaws.com";
const events = "events.amazonaws.com";
const cloudtrail = "cloudtrail.amazonaws.com";
const cloudfront = "cloudfront.amazonaws.com";
const delivery = "delivery.logs.amazonaws.com";
const bucketLogging = "logging.s3.amazonaws.com";
const loadBalancing = "logdelivery.elasticloadbalancing.amazonaws.com";
const lambda = "lambda.amazonaws.com";
const tasks = "ecs-tasks.amazonaws.com";
const gateway = "apigateway.amazonaws.com";
const rds = "rds.amazonaws.com";
const secretsManager = "secretsmanager.amazonaws.com";
const logs = "logs.{region}.amazonaws.com";
const onLogGroup = {
  "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:{region}:{account}:log-group:/ecs/macro-ai-api",
};
const edgeLogs = "logs.us-east-1.amazonaws.com";
const onEdgeLogGroup = {
  "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:{account}:log-group:/ecs/macro-ai-ui",
};
const fromAccount = { "aws:SourceAccount": "{account}" };
const fromStranger = { "aws:SourceAccount": "{stranger}" };
const ofTrail = { "aws:SourceArn": "{trail trail}" };
const ofWebsite = { "aws:SourceArn": "{distribution website}" };
const plaintext = { "aws:SecureTransport": "false" };

/** The keys: who encrypts by itself, and who does it with the rights of whoever calls it. */
const keys: readonly OutsiderRow[] = [
  // CloudWatch Logs.
  ["allowed", logs, "kms:Encrypt", "{key shared}", onLogGroup],
  ["allowed", logs, "kms:Decrypt", "{key shared}", onLogGroup],
  ["allowed", logs, "kms:GenerateDataKey", "{key shared}", onLogGroup],
  ["allowed", logs, "kms:ReEncryptFrom", "{key shared}", onLogGroup],
  ["allowed", logs, "kms:GenerateDataKey", "{key database-key}", onLogGroup],
  ["allowed", logs, "kms:GenerateDataKey", "{key cache-key}", onLogGroup],
  ["allowed", logs, "kms:DescribeKey", "{key shared}"],
  ["allowed", logs, "kms:DescribeKey", "{key database-key}"],
  ["allowed", logs, "kms:DescribeKey", "{key cache-key}"],
  [
    "denied",
    logs,
    "kms:Decrypt",
    "{every key}",
    { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:{region}:{stranger}:log-group:/ecs/macro-ai-api" },
  ],
  ["denied", "logs.ap-south-1.amazonaws.com", "kms:GenerateDataKey", "{every key}", onLogGroup],
  // Notifications: whoever publishes to an encrypted topic needs its key.
  ["allowed", cloudwatch, "kms:GenerateDataKey", "{key shared}", fromAccount],
  ["allowed", cloudwatch, "kms:Decrypt", "{key shared}", fromAccount],
  ["denied", cloudwatch, "kms:Decrypt", "{key shared}", fromStranger],
  ["denied", cloudwatch, "kms:Encrypt", "{key shared}", fromAccount],
  ["denied", cloudwatch, "kms:Decrypt", "{key database-key}", fromAccount],
  ["allowed", budgets, "kms:GenerateDataKey", "{key shared}", fromAccount],
  ["allowed", budgets, "kms:Decrypt", "{key shared}", fromAccount],
  ["denied", budgets, "kms:Decrypt", "{key shared}", fromStranger],
  ["allowed", events, "kms:GenerateDataKey", "{key shared}"],
  ["allowed", events, "kms:Decrypt", "{key shared}"],
  ["denied", events, "kms:Encrypt", "{key shared}"],
  ["denied", events, "kms:Decrypt", "{key database-key}"],
  // In us-east-1, for stacks that lie elsewhere.
  ["allowed", edgeLogs, "kms:Decrypt", "{key edge-key}", onEdgeLogGroup],
  ["allowed", edgeLogs, "kms:DescribeKey", "{key edge-key}"],
  ["allowed", cloudwatch, "kms:GenerateDataKey", "{key edge-key}", fromAccount],
  ["denied", cloudwatch, "kms:Decrypt", "{key edge-key}", fromStranger],
  ["allowed", events, "kms:GenerateDataKey", "{key edge-key}"],
  ["denied", budgets, "kms:Decrypt", "{key edge-key}", fromAccount],
  // CloudTrail encrypts its files and never reads them; with a bucket key S3 decrypts on its behalf.
  ["allowed", cloudtrail, "kms:GenerateDataKey", "{key shared}", ofTrail],
  ["allowed", cloudtrail, "kms:Decrypt", "{key shared}", ofTrail],
  ["allowed", cloudtrail, "kms:DescribeKey", "{key shared}", ofTrail],
  [
    "denied",
    cloudtrail,
    "kms:GenerateDataKey",
    "{key shared}",
    { "aws:SourceArn": "arn:aws:cloudtrail:{region}:{stranger}:trail/trail" },
  ],
  ["denied", cloudtrail, "kms:Encrypt", "{key shared}", ofTrail],
  // CloudFront reads the client's files.
  ["allowed", cloudfront, "kms:Decrypt", "{key shared}", ofWebsite],
  [
    "denied",
    cloudfront,
    "kms:Decrypt",
    "{key shared}",
    { "aws:SourceArn": "arn:aws:cloudfront::{stranger}:distribution/E0000000000000" },
  ],
  ["denied", cloudfront, "kms:GenerateDataKey", "{key shared}", ofWebsite],
  // RDS, ElastiCache, ECR, Secrets Manager, SQS and Lambda use a key by a grant, or with the rights of whoever calls.
  ["allowed", "administrator", "kms:CreateGrant", "{every key}"],
  ["allowed", "administrator", "kms:GenerateDataKey", "{every key}"],
  ["denied", "stranger", "kms:CreateGrant", "{every key}"],
  ["denied", "stranger", "kms:Decrypt", "{every key}"],
  ["denied", "stranger", "kms:PutKeyPolicy", "{every key}"],
  ["denied", rds, "kms:Decrypt", "{every key}"],
  ["denied", lambda, "kms:Decrypt", "{every key}"],
  ["denied", "sns.amazonaws.com", "kms:Decrypt", "{every key}"],
];

const secrets: readonly OutsiderRow[] = [
  ["allowed", "administrator", "secretsmanager:GetSecretValue", "{every secret}"],
  ["denied", "administrator", "secretsmanager:GetSecretValue", "{every secret}", plaintext],
  ["denied", "stranger", "secretsmanager:GetSecretValue", "{every secret}"],
  ["denied", "stranger", "secretsmanager:PutResourcePolicy", "{every secret}"],
  ["denied", rds, "secretsmanager:GetSecretValue", "{every secret}"],
];

const balancers = {
  "aws:SourceArn": "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/balancer/1",
};

const owned = { "s3:x-amz-acl": "bucket-owner-full-control" };

const buckets: readonly OutsiderRow[] = [
  ["allowed", "administrator", "s3:GetObject", "{every bucket}/any"],
  ["denied", "administrator", "s3:GetObject", "{every bucket}/any", plaintext],
  ["denied", "administrator", "s3:PutObject", "{every bucket}/any", plaintext],
  ["denied", "administrator", "s3:ListBucket", "{every bucket}", plaintext],
  ["denied", "anonymous", "s3:GetObject", "{every bucket}/any"],
  ["denied", "anonymous", "s3:ListBucket", "{every bucket}"],
  ["denied", "stranger", "s3:GetObject", "{every bucket}/any"],
  ["denied", "stranger", "s3:PutObject", "{every bucket}/any"],
  // The client's files.
  ["allowed", cloudfront, "s3:GetObject", "{bucket website-assets}/index.html", ofWebsite],
  [
    "denied",
    cloudfront,
    "s3:GetObject",
    "{bucket website-assets}/index.html",
    { "aws:SourceArn": "{other distribution website}" },
  ],
  ["denied", cloudfront, "s3:PutObject", "{bucket website-assets}/index.html", ofWebsite],
  ["allowed", cloudfront, "s3:ListBucket", "{bucket website-assets}", ofWebsite],
  ["denied", cloudfront, "s3:GetObject", "{bucket website-logs}/any", ofWebsite],
  // Access logs of buckets and of the load balancer.
  ["allowed", bucketLogging, "s3:PutObject", "{bucket website-logs}/s3/one", fromAccount],
  ["denied", bucketLogging, "s3:PutObject", "{bucket website-logs}/s3/one", fromStranger],
  ["denied", bucketLogging, "s3:PutObject", "{bucket website-logs}/AWSLogs/{account}/one", fromAccount],
  ["allowed", loadBalancing, "s3:PutObject", "{bucket balancer-logs}/AWSLogs/{account}/one", balancers],
  ["denied", loadBalancing, "s3:PutObject", "{bucket balancer-logs}/AWSLogs/{stranger}/one", balancers],
  [
    "denied",
    loadBalancing,
    "s3:PutObject",
    "{bucket balancer-logs}/AWSLogs/{account}/one",
    { "aws:SourceArn": "arn:aws:elasticloadbalancing:{region}:{stranger}:loadbalancer/app/balancer/1" },
  ],
  // The audit trail.
  ["allowed", cloudtrail, "s3:GetBucketAcl", "{bucket trail-files}", ofTrail],
  [
    "allowed",
    cloudtrail,
    "s3:PutObject",
    "{bucket trail-files}/AWSLogs/{account}/one",
    { ...ofTrail, ...owned },
  ],
  [
    "denied",
    cloudtrail,
    "s3:PutObject",
    "{bucket trail-files}/AWSLogs/{stranger}/one",
    { ...ofTrail, ...owned },
  ],
  ["denied", cloudtrail, "s3:GetObject", "{bucket trail-files}/AWSLogs/{account}/one", ofTrail],
  ["denied", "administrator", "s3:DeleteObject", "{bucket trail-files}/AWSLogs/{account}/one"],
  ["denied", "administrator", "s3:DeleteObjectVersion", "{bucket trail-files}/AWSLogs/{account}/one"],
];

const rule = { "aws:SourceArn": "arn:aws:events:{region}:{account}:rule/events-one" };

const strangersRule = { "aws:SourceArn": "arn:aws:events:{region}:{stranger}:rule/one" };

const messages: readonly OutsiderRow[] = [
  ["allowed", cloudwatch, "sns:Publish", "{every topic}", fromAccount],
  ["denied", cloudwatch, "sns:Publish", "{every topic}", fromStranger],
  ["denied", cloudwatch, "sns:Subscribe", "{every topic}", fromAccount],
  ["allowed", budgets, "sns:Publish", "{topic alarms}", fromAccount],
  ["denied", budgets, "sns:Publish", "{every topic}", fromStranger],
  ["allowed", events, "sns:Publish", "{every topic}", rule],
  ["denied", events, "sns:Publish", "{every topic}", strangersRule],
  ["allowed", "administrator", "sns:Publish", "{every topic}"],
  ["denied", "administrator", "sns:Publish", "{every topic}", plaintext],
  ["denied", "stranger", "sns:Publish", "{every topic}"],
  ["denied", "stranger", "sns:Subscribe", "{every topic}"],
  ["denied", "anonymous", "sns:Publish", "{every topic}"],
  ["allowed", "administrator", "sqs:ReceiveMessage", "{every queue}"],
  ["denied", "administrator", "sqs:ReceiveMessage", "{every queue}", plaintext],
  ["denied", "stranger", "sqs:SendMessage", "{every queue}"],
  ["denied", "anonymous", "sqs:ReceiveMessage", "{every queue}"],
];

const fromDelivery = {
  ...fromAccount,
  "aws:SourceArn": "arn:aws:logs:us-east-1:{account}:delivery-source:website",
};

const accessLog: readonly OutsiderRow[] = [
  ["allowed", delivery, "logs:CreateLogStream", "{log-group ui-logs}:log-stream:one", fromDelivery],
  ["allowed", delivery, "logs:PutLogEvents", "{log-group ui-logs}:log-stream:one", fromDelivery],
  [
    "denied",
    delivery,
    "logs:PutLogEvents",
    "{log-group ui-logs}:log-stream:one",
    { ...fromDelivery, ...fromStranger },
  ],
  ["denied", delivery, "logs:PutLogEvents", "{log-group api-logs}:log-stream:one", fromDelivery],
  ["denied", delivery, "logs:DeleteLogGroup", "{log-group ui-logs}", fromDelivery],
  ["denied", "stranger", "logs:PutLogEvents", "{log-group ui-logs}:log-stream:one"],
];

const onLambda = { "aws:SourceArn": "arn:aws:lambda:{region}:{account}:function:api" };
const onEcs = { "aws:SourceArn": "arn:aws:ecs:{region}:{account}:task/cluster/1" };
const onLambdaOfCopies = { "aws:SourceArn": "arn:aws:lambda:us-west-2:{account}:function:api" };
const onEcsOfCopies = { "aws:SourceArn": "arn:aws:ecs:us-west-2:{account}:task/cluster/1" };
const strangersLambda = { "aws:SourceArn": "arn:aws:lambda:{region}:{stranger}:function:api" };
const strangersEcs = { "aws:SourceArn": "arn:aws:ecs:{region}:{stranger}:task/cluster/1" };
const apiImages = "{repository registry-macro-ai-express-api}";
const uiImages = "{repository registry-macro-ai-client-ui}";
const apiCopies = "{repository registry-replica-macro-ai-express-api}";
const uiCopies = "{repository registry-replica-macro-ai-client-ui}";

const images: readonly OutsiderRow[] = [
  ["allowed", lambda, "ecr:BatchGetImage", apiImages, onLambda],
  ["allowed", lambda, "ecr:BatchGetImage", uiImages, onLambda],
  ["allowed", tasks, "ecr:BatchGetImage", apiImages, onEcs],
  ["allowed", tasks, "ecr:BatchGetImage", uiImages, onEcs],
  ["denied", lambda, "ecr:BatchGetImage", "{every repository}", strangersLambda],
  ["denied", tasks, "ecr:BatchGetImage", "{every repository}", strangersEcs],
  ["denied", lambda, "ecr:PutImage", "{every repository}", onLambda],
  ["allowed", "administrator", "ecr:PutImage", "{every repository}"],
  ["denied", "stranger", "ecr:BatchGetImage", "{every repository}"],
  // The copies serve the services of their own region.
  ["allowed", lambda, "ecr:BatchGetImage", apiCopies, onLambdaOfCopies],
  ["allowed", tasks, "ecr:BatchGetImage", apiCopies, onEcsOfCopies],
  ["allowed", lambda, "ecr:BatchGetImage", uiCopies, onLambdaOfCopies],
  ["allowed", tasks, "ecr:BatchGetImage", uiCopies, onEcsOfCopies],
  ["denied", lambda, "ecr:BatchGetImage", apiCopies, onLambda],
];

const functions: readonly OutsiderRow[] = [
  [
    "allowed",
    gateway,
    "lambda:InvokeFunction",
    "{function api}",
    { "aws:SourceArn": "{api api}/*/$default" },
  ],
  [
    "denied",
    gateway,
    "lambda:InvokeFunction",
    "{function api}",
    { "aws:SourceArn": "{other api api}/*/$default" },
  ],
  ["denied", "stranger", "lambda:InvokeFunction", "{function api}"],
  ["denied", "anonymous", "lambda:InvokeFunction", "{function api}"],
  ...rotatedBySecretsManager("rotation-database", "secrets-database-credentials"),
  ...rotatedBySecretsManager("rotation-cache", "secrets-cache-credentials"),
  ...rotatedBySecretsManager("rotation-keyring", "secrets-api-keys"),
  ...rotatedBySecretsManager("rotation-external", "secrets-external-services"),
  [
    "allowed",
    events,
    "lambda:InvokeFunction",
    "{function rotation-reminder}",
    { "aws:SourceArn": "{rule rotation-reminder}" },
  ],
  [
    "denied",
    events,
    "lambda:InvokeFunction",
    "{function rotation-reminder}",
    { "aws:SourceArn": "{other rule rotation-reminder}" },
  ],
  ["denied", "stranger", "lambda:InvokeFunction", "{function rotation-reminder}"],
  // The deployment calls it with rights of its own.
  ["denied", secretsManager, "lambda:InvokeFunction", "{function bootstrap}", fromAccount],
];

/** Secrets Manager calls a function for its own secret, in this account, and nobody else does. */
function rotatedBySecretsManager(lambdaName: string, secret: string): OutsiderRow[] {
  const target = `{function ${lambdaName}}`;
  const forIt = { ...fromAccount, "aws:SourceArn": `{secret ${secret}}` };
  return [
    ["allowed", secretsManager, "lambda:InvokeFunction", target, forIt],
    ["denied", secretsManager, "lambda:InvokeFunction", target, { ...forIt, ...fromStranger }],
    [
      "denied",
      secretsManager,
      "lambda:InvokeFunction",
      target,
      { ...forIt, "aws:SourceArn": `{other secret ${secret}}` },
    ],
    ["denied", "stranger", "lambda:InvokeFunction", target],
    ["denied", "anonymous", "lambda:InvokeFunction", target],
  ];
}

/** What everybody else may do with the stack's resources: AWS's services, this account's administrators, strangers. */
export const outsiders: readonly OutsiderRow[] = [
  ...keys,
  ...secrets,
  ...buckets,
  ...messages,
  ...accessLog,
  ...images,
  ...functions,
];
