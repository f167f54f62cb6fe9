import type { StackRule } from "../../core/rule.ts";
import { withoutTlsOnly } from "../../core/tls-only.ts";
import { BUCKETS } from "./buckets.ts";

export const bucketTlsOnly: StackRule = {
  name: "s3-tls-only",
  description: "Buckets turn away requests without TLS.",
  severity: "high",
  group: "encryption",
  references: ["FSBP S3.5", "AwsSolutions-S10"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  types: BUCKETS,
  judge: (resource, graph) =>
    withoutTlsOnly(resource, graph, {
      action: "s3:*",
      policyTypes: ["aws:s3/bucketPolicy:BucketPolicy"],
      property: "bucket",
    }),
};
