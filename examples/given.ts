import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import type { MaintenanceSetting } from "../components/maintenance-function.ts";

const config = new pulumi.Config();
const region = new pulumi.Config("aws").get("region") ?? "us-east-1";
const { accountId } = aws.getCallerIdentityOutput();
const kmsKeyArn = config.require("kmsKeyArn");

/** What the functions that look after secrets share: a `RotationBase`'s setting. */
const maintenance: MaintenanceSetting = {
  region,
  accountId,
  kmsKeyArn,
  logGroup: {
    name: "rotation",
    arn: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:rotation`,
  },
  deadLetterArn: pulumi.interpolate`arn:aws:sqs:${region}:${accountId}:dead-letters`,
  tracing: "xray",
  concurrency: "one",
};

/** What an example takes from elsewhere: in a program of your own, another component's or another stack's outputs. */
export const given = {
  region,
  accountId,
  kmsKeyArn,
  maintenance,
  certificateArn: config.require("certificateArn"),
  hostedZoneId: config.require("hostedZoneId"),
  topicArn: config.require("topicArn"),
  secretArn: config.require("secretArn"),
  rotationFunctionArn: config.require("rotationFunctionArn"),
  webAclArn: config.require("webAclArn"),
  vpcId: config.require("vpcId"),
  publicSubnetIds: config.requireObject<string[]>("publicSubnetIds"),
  privateSubnetIds: config.requireObject<string[]>("privateSubnetIds"),
  isolatedSubnetIds: config.requireObject<string[]>("isolatedSubnetIds"),
};
