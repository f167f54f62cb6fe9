import { missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { BUCKETS } from "./buckets.ts";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

export const publicAccessBlockPresent: StackRule = {
  name: "s3-public-access-block-present",
  description: "Every bucket has a public access block.",
  severity: "critical",
  group: "exposure",
  references: ["CKV2_AWS_6", "FSBP S3.8"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  types: BUCKETS,
  covers: [BLOCK],
  judge: (bucket, graph) =>
    graph.referring(bucket, "bucket", BLOCK).length > 0
      ? []
      : [missing("public access block", `Add an ${BLOCK} with all four settings true.`)],
};
