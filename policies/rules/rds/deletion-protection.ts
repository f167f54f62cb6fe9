import type * as aws from "@pulumi/aws";
import { isNotTrue, isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const databaseProtected: ResourceRule = {
  name: "rds-deletion-protection",
  description: "Databases are not deleted by accident, and leave a snapshot behind.",
  severity: "high",
  group: "resilience",
  references: ["CKV_AWS_293", "CKV_AWS_139", "FSBP RDS.8", "AwsSolutions-RDS10", "AWS-0177"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
  checks: [
    properties<aws.rds.InstanceArgs>("aws:rds/instance:Instance", {
      deletionProtection: isTrue,
      skipFinalSnapshot: isNotTrue,
    }),
    properties<aws.rds.ClusterArgs>("aws:rds/cluster:Cluster", {
      deletionProtection: isTrue,
      skipFinalSnapshot: isNotTrue,
    }),
  ],
};
