import type * as aws from "@pulumi/aws";
import { isCustomerKey, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const performanceInsightsEncrypted: ResourceRule = {
  name: "rds-performance-insights-encrypted",
  description:
    "Performance Insights, which shows the text of queries, is encrypted with a customer-managed key.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_354", "AWS-0078"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.html",
  checks: [
    check<aws.rds.InstanceArgs>("aws:rds/instance:Instance", (database) =>
      database.performanceInsightsEnabled === true
        ? expect(database.performanceInsightsKmsKeyId, "performanceInsightsKmsKeyId", isCustomerKey)
        : [],
    ),
  ],
};
