import type * as aws from "@pulumi/aws";
import { isTrue, isCustomerKey, properties, type Expectation } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

const isNotFalse: Expectation = { must: "true", holds: (value) => value !== false };

export const protectedTrail: ResourceRule = {
  name: "cloudtrail-protected",
  description:
    "Trails cover all regions, are encrypted with a customer-managed key and can be proved untouched.",
  severity: "high",
  group: "encryption",
  references: [
    "CKV_AWS_35",
    "CKV_AWS_36",
    "CKV_AWS_67",
    "FSBP CloudTrail.1",
    "FSBP CloudTrail.2",
    "FSBP CloudTrail.4",
  ],
  url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
  checks: [
    properties<aws.cloudtrail.TrailArgs>("aws:cloudtrail/trail:Trail", {
      kmsKeyId: isCustomerKey,
      enableLogFileValidation: isTrue,
      isMultiRegionTrail: isTrue,
      enableLogging: isNotFalse,
    }),
  ],
};
