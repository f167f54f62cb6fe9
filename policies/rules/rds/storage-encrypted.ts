import type * as aws from "@pulumi/aws";
import { isTrue, isCustomerKey, expect, properties } from "../../core/expectations.ts";
import { check, type Inputs, type ResourceRule } from "../../core/rule.ts";

export const storageEncrypted: ResourceRule = {
  name: "rds-storage-encrypted",
  description: "Databases are encrypted at rest with a customer-managed key.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_16", "CKV_AWS_96", "FSBP RDS.3", "FSBP RDS.27", "AwsSolutions-RDS2"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
  checks: [
    // A replica inherits encryption and key of what it comes from; a restored database the key, which it cannot be given.
    check<aws.rds.InstanceArgs>("aws:rds/instance:Instance", (database) =>
      database.replicateSourceDb === undefined
        ? [
            ...expect(database.storageEncrypted, "storageEncrypted", isTrue),
            ...(isRestored(database) && database.kmsKeyId === undefined
              ? []
              : expect(database.kmsKeyId, "kmsKeyId", isCustomerKey)),
          ]
        : [],
    ),
    properties<aws.rds.InstanceAutomatedBackupsReplicationArgs>(
      "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      { kmsKeyId: isCustomerKey },
    ),
    properties<aws.rds.ClusterArgs>("aws:rds/cluster:Cluster", {
      storageEncrypted: isTrue,
      kmsKeyId: isCustomerKey,
    }),
  ],
};

function isRestored({ restoreToPointInTime, snapshotIdentifier }: Inputs<aws.rds.InstanceArgs>): boolean {
  return restoreToPointInTime !== undefined || snapshotIdentifier !== undefined;
}
