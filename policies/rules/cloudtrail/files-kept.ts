import { isAbout, isForEveryone, isUnconditional, policyOf, type Statement } from "../../core/documents.ts";
import type { StackRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";
import { BUCKETS } from "../s3/buckets.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const DELETIONS = ["s3:DeleteObject", "s3:DeleteObjectVersion"];

export const trailFilesKept: StackRule = {
  name: "cloudtrail-files-kept",
  description: "Nobody deletes a trail's files: the bucket denies it, or locks them.",
  severity: "high",
  group: "encryption",
  references: ["CIS AWS 3.3", "AWS-0161"],
  url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
  types: BUCKETS,
  judge: (bucket, graph) => {
    if (graph.naming(bucket, "s3BucketName", TRAIL).length === 0) return [];
    const { objectLockEnabled } = bucket.inputs;
    if (objectLockEnabled === true || !isKnown(objectLockEnabled)) return [];
    const documents = graph.referring(bucket, "bucket", POLICY).map(policyOf);
    const denied = documents.flatMap((statements) => statements ?? []).filter(isDenial);
    const left = DELETIONS.filter(
      (action) => !denied.some(({ actions, allButActions }) => !allButActions && isAbout(actions, action)),
    );
    if (left.length === 0) return [];
    return [
      {
        property: "policy",
        is: `without a denial of ${left.join(" and ")}`,
        must: "one that denies everyone both, or an object lock",
        fix: `Add a statement with Effect Deny, Principal * and ${DELETIONS.join(", ")} on every object.`,
        ...(documents.includes(undefined) && { unproven: {} }),
      },
    ];
  },
};

function isDenial(statement: Statement): boolean {
  return statement.effect === "Deny" && isForEveryone(statement) && isUnconditional(statement);
}
