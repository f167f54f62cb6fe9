import type * as aws from "@pulumi/aws";
import { isCustomerKey, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const logGroupEncrypted: ResourceRule = {
  name: "cloudwatch-log-group-encrypted",
  description: "Log groups are encrypted with a customer-managed key.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_158", "AWS-0017"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  checks: [
    properties<aws.cloudwatch.LogGroupArgs>("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: isCustomerKey }),
  ],
};
