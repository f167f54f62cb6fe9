import { at, expect, isOneOf, missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { BUCKETS } from "./buckets.ts";

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

const STATUS = "versioningConfiguration.status";

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
    if (settings.length === 0) return [missing("versioning", `Add an ${VERSIONING} with status Enabled.`)];
    return settings.flatMap((resource) =>
      expect(at(resource.inputs, STATUS), STATUS, isOneOf("Enabled")).map((finding) => ({
        ...finding,
        resource,
      })),
    );
  },
};
