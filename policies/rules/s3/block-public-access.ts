import type * as aws from "@pulumi/aws";
import { isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const blockPublicAccess: ResourceRule = {
  name: "s3-block-public-access",
  description: "Buckets block public access in all four ways.",
  severity: "critical",
  group: "exposure",
  references: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "FSBP S3.8", "AwsSolutions-S2"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  checks: [
    properties<aws.s3.BucketPublicAccessBlockArgs>("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
      blockPublicAcls: isTrue,
      blockPublicPolicy: isTrue,
      ignorePublicAcls: isTrue,
      restrictPublicBuckets: isTrue,
    }),
  ],
};
