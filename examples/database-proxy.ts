import * as pulumi from "@pulumi/pulumi";
import { DatabaseProxy } from "../components/database-proxy.ts";
import { given } from "./given.ts";

const { vpcId, privateSubnetIds, secretArn, kmsKeyArn, region } = given;

const proxy = new DatabaseProxy("orders-proxy", {
  vpcId,
  subnetIds: privateSubnetIds,
  instanceId: "orders-1a2b3c4d",
  // The proxy opens its own way to the database; who may reach the proxy is for `connect` to say.
  database: { label: "orders", securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60718"), port: 5432 },
  secretArns: [secretArn],
  secretsKeyArn: kmsKeyArn,
  kmsKeyArn,
  logRetentionDays: 90,
  region,
});

export const { endpoint } = proxy;
