import type * as aws from "@pulumi/aws";
import { isAtLeast, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const cacheBackups: ResourceRule = {
  name: "elasticache-backups",
  description: "Caches keep snapshots.",
  severity: "medium",
  group: "resilience",
  references: ["FSBP ElastiCache.1"],
  url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html",
  checks: [
    properties<aws.elasticache.ReplicationGroupArgs>("aws:elasticache/replicationGroup:ReplicationGroup", {
      snapshotRetentionLimit: isAtLeast(1),
    }),
  ],
};
