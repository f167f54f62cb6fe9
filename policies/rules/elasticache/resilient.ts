import type * as aws from "@pulumi/aws";
import { isAtLeast, isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

export const cacheResilient: ResourceRule = {
  name: "elasticache-failover",
  description: "Caches fail over to a node in another zone.",
  severity: "medium",
  group: "resilience",
  references: ["CKV2_AWS_50", "FSBP ElastiCache.3", "AwsSolutions-AEC4"],
  url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
  checks: [
    properties<aws.elasticache.ReplicationGroupArgs>(REPLICATION_GROUP, {
      automaticFailoverEnabled: isTrue,
      multiAzEnabled: isTrue,
      numCacheClusters: isAtLeast(2),
    }),
  ],
};
