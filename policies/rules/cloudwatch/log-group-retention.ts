import type * as aws from "@pulumi/aws";
import { isAtLeast, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const logGroupRetention: ResourceRule = {
  name: "cloudwatch-log-group-retention",
  description: "Log groups forget after a stated time.",
  severity: "low",
  group: "resilience",
  references: ["CKV_AWS_66"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  checks: [
    properties<aws.cloudwatch.LogGroupArgs>("aws:cloudwatch/logGroup:LogGroup", {
      retentionInDays: isAtLeast(1),
    }),
  ],
};
