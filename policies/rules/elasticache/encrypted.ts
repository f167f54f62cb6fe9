import type * as aws from "@pulumi/aws";
import { isTrue, isCustomerKey, isOneOf, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

export const encrypted: ResourceRule = {
  name: "elasticache-encrypted",
  description: "Caches are encrypted at rest with a customer-managed key, and in transit.",
  severity: "high",
  group: "encryption",
  references: [
    "CKV_AWS_29",
    "CKV_AWS_30",
    "CKV_AWS_191",
    "FSBP ElastiCache.4",
    "FSBP ElastiCache.5",
    "AwsSolutions-AEC3",
  ],
  url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/encryption.html",
  checks: [
    check<aws.elasticache.ReplicationGroupArgs>(REPLICATION_GROUP, (cache) => [
      ...expect(cache.atRestEncryptionEnabled, "atRestEncryptionEnabled", isTrue),
      ...expect(cache.kmsKeyId, "kmsKeyId", isCustomerKey),
      ...expect(cache.transitEncryptionEnabled, "transitEncryptionEnabled", isTrue),
      ...(cache.transitEncryptionMode === undefined
        ? []
        : expect(cache.transitEncryptionMode, "transitEncryptionMode", isOneOf("required"))),
    ]),
  ],
};
