import { properties, type Expectation } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

const isPrivate: Expectation = {
  must: "private, or left out",
  fix: "to private, and let a bucket policy name who may read",
  holds: (value) => typeof value !== "string" || !/^(public-|authenticated-)/.test(value),
};

export const noPublicAcl: ResourceRule = {
  name: "s3-no-public-acl",
  description: "No access control list opens a bucket or what is in it to everyone.",
  severity: "critical",
  group: "exposure",
  references: ["CKV_AWS_20", "CKV_AWS_57", "CKV2_AWS_65"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
  checks: [
    properties<{ acl: string }>(
      [
        "aws:s3/bucketAcl:BucketAcl",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketObject:BucketObject",
        "aws:s3/bucketObjectv2:BucketObjectv2",
      ],
      { acl: isPrivate },
    ),
  ],
};
