import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";

const config = new pulumi.Config();

/** What an example takes from elsewhere: in a program of your own, another component's or another stack's outputs. */
export const given = {
  region: new pulumi.Config("aws").get("region") ?? "us-east-1",
  accountId: aws.getCallerIdentityOutput().accountId,
  kmsKeyArn: config.require("kmsKeyArn"),
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
