import { Database } from "../components/database.ts";
import { given } from "./given.ts";

const { vpcId, isolatedSubnetIds, kmsKeyArn, region, accountId } = given;

const database = new Database("orders", {
  vpcId,
  subnetIds: isolatedSubnetIds,
  databaseName: "orders",
  engineVersion: "15",
  instanceClass: "db.t4g.medium",
  allocatedStorageGiB: 50,
  maxAllocatedStorageGiB: 200,
  multiAz: true,
  backupRetentionDays: 14,
  deletionProtection: true,
  kmsKeyArn,
  logRetentionDays: 90,
  region,
  accountId,
});

export const { endpoint, masterSecretArn } = database;
