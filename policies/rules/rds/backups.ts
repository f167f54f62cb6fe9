import type * as aws from "@pulumi/aws";
import { isAtLeast, expect, properties } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

const MIN_DAYS = 7;

export const backups: ResourceRule = {
  name: "rds-backups",
  description: "Databases keep at least a week of backups.",
  severity: "high",
  group: "resilience",
  references: ["CKV_AWS_133", "FSBP RDS.11", "AwsSolutions-RDS13"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
  checks: [
    check<aws.rds.InstanceArgs>("aws:rds/instance:Instance", (database) =>
      database.replicateSourceDb === undefined
        ? expect(database.backupRetentionPeriod, "backupRetentionPeriod", isAtLeast(MIN_DAYS))
        : [],
    ),
    properties<aws.rds.ClusterArgs>("aws:rds/cluster:Cluster", {
      backupRetentionPeriod: isAtLeast(MIN_DAYS),
    }),
  ],
};
