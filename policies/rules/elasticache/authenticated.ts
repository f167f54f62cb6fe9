import type * as aws from "@pulumi/aws";
import { expect, type Expectation } from "../../core/expectations.ts";
import { from } from "../../core/evidence.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

/** ElastiCache takes no token of fewer than 16 characters. */
const isToken: Expectation = {
  must: "a secret of 16 to 128 characters",
  fix: "to a secret, or userGroupIds to a user group",
  holds: (value) => typeof value === "string" && value.length >= 16,
  provenBy: from("random:index/randomPassword:RandomPassword"),
};

export const authenticated: ResourceRule = {
  name: "elasticache-authenticated",
  description: "Caches ask their clients who they are.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_31", "FSBP ElastiCache.6", "AwsSolutions-AEC6"],
  url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html",
  checks: [
    check<aws.elasticache.ReplicationGroupArgs>(
      "aws:elasticache/replicationGroup:ReplicationGroup",
      ({ authToken, userGroupIds }) =>
        isKnown(userGroupIds) && elements(userGroupIds).length === 0
          ? expect(authToken, "authToken", isToken).map((finding) => ({
              ...finding,
              is:
                authToken === undefined
                  ? "not set, and neither is userGroupIds"
                  : isKnown(authToken)
                    ? "too short"
                    : finding.is,
            }))
          : [],
    ),
  ],
};
