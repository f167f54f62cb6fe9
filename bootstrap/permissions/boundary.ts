import type * as pulumi from "@pulumi/pulumi";
import { INTERFACE_ACTIONS } from "../../components/network-interfaces.ts";
import type { Statement } from "../../components/policy-document.ts";
import type { Deployed } from "../environments.ts";
import { arnOf } from "./arn.ts";
import { otherStacksDenied } from "./deploy.ts";

const CAP = "A boundary grants nothing; it caps what the stack's own, narrower policies can grant";

/**
 * The most that a role made by a stack's deployment can ever do, whatever policy it is given: what services do while they
 * serve. Without it, whoever may make a role and pass it to a function is an administrator. Staging's branch has no reviewer: what
 * it deploys reaches nothing of another stack, whatever its roles say.
 */
export function boundaryStatements(environment: Deployed, accountId: pulumi.Input<string>): Statement[] {
  return [
    {
      sid: "ServeAtMost",
      actions: [
        "cloudwatch:PutMetricData",
        "cognito-idp:AddUserPoolClientSecret",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminInitiateAuth",
        "cognito-idp:AdminRespondToAuthChallenge",
        "cognito-idp:AdminUserGlobalSignOut",
        "cognito-idp:DeleteUserPoolClientSecret",
        "cognito-idp:DescribeUserPool",
        "cognito-idp:ListUserPoolClientSecrets",
        ...INTERFACE_ACTIONS,
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "elasticache:Connect",
        "elasticache:DescribeReplicationGroups",
        "elasticache:ModifyReplicationGroup",
        "elasticache:ModifyUser",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "lambda:InvokeFunction",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
        "logs:PutRetentionPolicy",
        "rds:DescribeDB*",
        "rds-db:connect",
        "secretsmanager:GetRandomPassword",
        "sns:Publish",
        "sqs:SendMessage",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      resources: ["*"],
      wildcard: CAP,
    },
    {
      sid: "InterfacesAreLambdasOwn",
      effect: "Deny",
      actions: INTERFACE_ACTIONS,
      resources: ["*"],
      // Lambda puts functions into a network by their own roles; the functions' code may not do the same.
      conditions: { ArnLike: { "lambda:SourceFunctionArn": arnOf("lambda", accountId, "function:*") } },
      wildcard: "A denial must reach every function and every interface",
    },
    otherStacksDenied(environment.stack),
    {
      sid: "SecretsOfThisEnvironment",
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:RotateSecret",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      resources: [arnOf("secretsmanager", accountId, `secret:${environment.secretPath}/*`)],
      wildcard: CAP,
    },
  ];
}
