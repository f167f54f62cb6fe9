import { at } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { BUCKETS } from "./buckets.ts";

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

export const versioned: StackRule = {
  name: "s3-versioned",
  description: "Buckets keep what is overwritten or deleted.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_21", "FSBP S3.14", "AWS-0090"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  types: BUCKETS,
  covers: [VERSIONING],
  judge: (bucket, graph) => {
    const settings = graph.referring(bucket, "bucket", VERSIONING);
    const off = settings.filter(({ inputs }) => at(inputs, "versioningConfiguration.status") !== "Enabled");
    if (settings.length > 0 && off.length === 0) return [];
    return [
      {
        resource: off[0] ?? bucket,
        property: off.length > 0 ? "versioningConfiguration.status" : "versioning",
        is: off.length > 0 ? "not Enabled" : "missing",
        must: "Enabled",
        fix: `Add a ${VERSIONING} with status Enabled.`,
      },
    ];
  },
};
