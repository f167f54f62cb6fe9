import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The AWS SDK, one service at a time. `import * as aws from "@pulumi/aws"` loads every service, and an ES module
 * import of one service loads every class in it; `require` leaves the SDK's classes lazy (see docs/speed.md).
 * Types come from `import type * as awsTypes from "@pulumi/aws"`, which costs nothing at run time.
 */
export const aws = {
  getCallerIdentityOutput: (
    require("@pulumi/aws/getCallerIdentity") as typeof import("@pulumi/aws/getCallerIdentity.js")
  ).getCallerIdentityOutput,
  acm: require("@pulumi/aws/acm") as typeof import("@pulumi/aws/acm/index.js"),
  apigatewayv2: require("@pulumi/aws/apigatewayv2") as typeof import("@pulumi/aws/apigatewayv2/index.js"),
  appautoscaling:
    require("@pulumi/aws/appautoscaling") as typeof import("@pulumi/aws/appautoscaling/index.js"),
  budgets: require("@pulumi/aws/budgets") as typeof import("@pulumi/aws/budgets/index.js"),
  cloudfront: require("@pulumi/aws/cloudfront") as typeof import("@pulumi/aws/cloudfront/index.js"),
  cloudtrail: require("@pulumi/aws/cloudtrail") as typeof import("@pulumi/aws/cloudtrail/index.js"),
  cloudwatch: require("@pulumi/aws/cloudwatch") as typeof import("@pulumi/aws/cloudwatch/index.js"),
  ec2: require("@pulumi/aws/ec2") as typeof import("@pulumi/aws/ec2/index.js"),
  ecr: require("@pulumi/aws/ecr") as typeof import("@pulumi/aws/ecr/index.js"),
  ecs: require("@pulumi/aws/ecs") as typeof import("@pulumi/aws/ecs/index.js"),
  efs: require("@pulumi/aws/efs") as typeof import("@pulumi/aws/efs/index.js"),
  elasticache: require("@pulumi/aws/elasticache") as typeof import("@pulumi/aws/elasticache/index.js"),
  iam: require("@pulumi/aws/iam") as typeof import("@pulumi/aws/iam/index.js"),
  kms: require("@pulumi/aws/kms") as typeof import("@pulumi/aws/kms/index.js"),
  lambda: require("@pulumi/aws/lambda") as typeof import("@pulumi/aws/lambda/index.js"),
  lb: require("@pulumi/aws/lb") as typeof import("@pulumi/aws/lb/index.js"),
  rds: require("@pulumi/aws/rds") as typeof import("@pulumi/aws/rds/index.js"),
  route53: require("@pulumi/aws/route53") as typeof import("@pulumi/aws/route53/index.js"),
  s3: require("@pulumi/aws/s3") as typeof import("@pulumi/aws/s3/index.js"),
  secretsmanager:
    require("@pulumi/aws/secretsmanager") as typeof import("@pulumi/aws/secretsmanager/index.js"),
  sns: require("@pulumi/aws/sns") as typeof import("@pulumi/aws/sns/index.js"),
  sqs: require("@pulumi/aws/sqs") as typeof import("@pulumi/aws/sqs/index.js"),
  vpc: require("@pulumi/aws/vpc") as typeof import("@pulumi/aws/vpc/index.js"),
  wafv2: require("@pulumi/aws/wafv2") as typeof import("@pulumi/aws/wafv2/index.js"),
};
