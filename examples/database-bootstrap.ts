import * as pulumi from "@pulumi/pulumi";
import { DatabaseBootstrap } from "../components/database-bootstrap.ts";
import { given } from "./given.ts";

const { kmsKeyArn, maintenance, privateSubnetIds, secretArn, vpcId } = given;

// What prepares the database; see rotation/database/bootstrap.ts for one that does.
const code = "export const handler = async () => ({ version: 1 });";

const bootstrap = new DatabaseBootstrap("bootstrap", {
  setting: maintenance,
  label: "Bootstrap of the orders database",
  code: {
    archive: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) }),
    hash: code,
  },
  timeoutSeconds: 120,
  network: {
    vpcId,
    subnetIds: privateSubnetIds,
    reaches: [
      {
        peer: { label: "orders", securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60718"), port: 5432 },
        reason: "roles and rights",
      },
    ],
    internet: "HTTPS to Secrets Manager",
  },
  databaseId: "orders-1a2b3c4d",
  server: { host: "orders.example.com", port: 5432, databaseName: "orders" },
  applicationSecret: { arn: secretArn, keyArn: kmsKeyArn },
  masterSecret: {
    arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-orders-AbCdEf",
    keyArn: kmsKeyArn,
  },
});

export const { result } = bootstrap;
