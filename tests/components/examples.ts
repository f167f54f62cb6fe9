import * as pulumi from "@pulumi/pulumi";
import type { CacheArgs } from "../../components/cache.ts";
import type { DatabaseProxyArgs } from "../../components/database-proxy.ts";
import type { DatabaseArgs } from "../../components/database.ts";
import type { VpcArgs } from "../../components/vpc.ts";

/** Good arguments for each component of the data tier; tests change one thing at a time. */

export const accountId = "123456789012";
export const region = "us-east-1";
export const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-0000-4000-8000-000000000000`;

const scope = { accountId, region, kmsKeyArn };
const place = { vpcId: "vpc-1", subnetIds: ["subnet-isolated-1", "subnet-isolated-2", "subnet-isolated-3"] };

export const vpc: VpcArgs = {
  cidrBlock: "10.0.0.0/16",
  zones: 3,
  natGateways: "single",
  interfaceEndpoints: [],
  flowLogs: { retentionDays: 90, kmsKeyArn },
  region,
  accountId,
};

export const database: DatabaseArgs = {
  ...scope,
  ...place,
  databaseName: "macro_ai",
  engineVersion: "15",
  instanceClass: "db.t4g.medium",
  allocatedStorageGiB: 50,
  maxAllocatedStorageGiB: 200,
  multiAz: true,
  backupRetentionDays: 30,
  deletionProtection: true,
  logRetentionDays: 180,
};

export const proxy: DatabaseProxyArgs = {
  ...place,
  region,
  kmsKeyArn,
  instanceId: "database-1a2b3c4d",
  database: { label: "database", securityGroupId: pulumi.output("sg-database"), port: 5432 },
  secretArns: [
    `arn:aws:secretsmanager:${region}:${accountId}:secret:/macro-ai/production/database-credentials-AbCdEf`,
  ],
  secretsKeyArn: kmsKeyArn,
  logRetentionDays: 180,
};

export const cache: CacheArgs = {
  ...place,
  kmsKeyArn,
  engine: "valkey",
  nodeType: "cache.t4g.micro",
  nodes: 2,
  authToken: "0123456789abcdefghijklmnopqrstuv",
  snapshotRetentionDays: 7,
  logRetentionDays: 180,
};
