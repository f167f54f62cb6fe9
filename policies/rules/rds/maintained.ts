import type * as aws from "@pulumi/aws";
import { properties, type Expectation } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

/** AWS's own default is true. */
const isNotFalse: Expectation = {
  must: "true, or left out",
  fix: "to true",
  holds: (value) => value !== false,
};

export const maintained: ResourceRule = {
  name: "rds-minor-upgrades",
  description: "Databases take the minor versions that mend their vulnerabilities.",
  severity: "high",
  group: "resilience",
  references: ["CKV_AWS_226", "FSBP RDS.13"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html",
  checks: [
    properties<aws.rds.InstanceArgs>("aws:rds/instance:Instance", { autoMinorVersionUpgrade: isNotFalse }),
    properties<aws.elasticache.ReplicationGroupArgs>("aws:elasticache/replicationGroup:ReplicationGroup", {
      autoMinorVersionUpgrade: isNotFalse,
    }),
  ],
};
