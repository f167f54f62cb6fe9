import type * as aws from "@pulumi/aws";
import { isOneOf, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const ownerEnforced: ResourceRule = {
  name: "s3-owner-enforced",
  description: "Buckets ignore access control lists: whoever owns the bucket owns what is in it.",
  severity: "medium",
  group: "exposure",
  references: ["CKV2_AWS_65", "FSBP S3.12"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  checks: [
    properties<aws.s3.BucketOwnershipControlsArgs>("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
      "rule.objectOwnership": isOneOf("BucketOwnerEnforced"),
    }),
  ],
};
