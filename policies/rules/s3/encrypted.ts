import { at, expect, isCustomerKey, show } from "../../core/expectations.ts";
import type { Node } from "../../core/graph.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";
import { BUCKETS, isNamedBy } from "./buckets.ts";

const ENCRYPTION = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/** Log deliveries that can write only to buckets with S3's own keys, by the property that names the bucket. */
const KEYLESS_WRITERS: Readonly<Record<string, string>> = {
  "aws:lb/loadBalancer:LoadBalancer": "accessLogs",
  "aws:alb/loadBalancer:LoadBalancer": "accessLogs",
  "aws:s3/bucketLogging:BucketLogging": "targetBucket",
};

export const bucketEncrypted: StackRule = {
  name: "s3-encrypted",
  description:
    "Buckets encrypt with a customer-managed key, but for those of log deliveries that cannot use one.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_145", "CKV_AWS_19", "FSBP S3.17", "AWS-0132"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  types: BUCKETS,
  covers: ENCRYPTION,
  judge: (bucket, graph) => {
    const settings = graph.referring(bucket, "bucket", ...ENCRYPTION);
    const isKeyless = isNamedBy(KEYLESS_WRITERS, bucket, graph);
    if (settings.length === 0)
      return isKeyless
        ? []
        : [finding(bucket, "server-side encryption", "left to S3's own key", ENCRYPTION[0] ?? "")];
    return settings.flatMap((setting) => findings(setting, isKeyless));
  },
};

function findings(setting: Node, keyless: boolean): StackFinding[] {
  return elements(setting.inputs["rules"] as object[] | undefined).flatMap((rule, index) => {
    const path = `rules[${index}].applyServerSideEncryptionByDefault`;
    const algorithm = at(rule, "applyServerSideEncryptionByDefault.sseAlgorithm");
    if (!isKnown(algorithm))
      return { ...finding(setting, `${path}.sseAlgorithm`, "not known yet"), unproven: {} };
    if (keyless && algorithm === "AES256") return [];
    if (typeof algorithm !== "string" || !algorithm.startsWith("aws:kms"))
      return finding(setting, `${path}.sseAlgorithm`, show(algorithm));
    const key = at(rule, "applyServerSideEncryptionByDefault.kmsMasterKeyId");
    return expect(key, `${path}.kmsMasterKeyId`, isCustomerKey).map(({ is, unproven }): StackFinding => ({
      ...finding(setting, `${path}.kmsMasterKeyId`, is),
      ...(unproven && { unproven }),
    }));
  });
}

function finding(resource: Node, property: string, is: string, type?: string): StackFinding {
  return {
    resource,
    property,
    is,
    must: "aws:kms with a key of this account",
    fix:
      type === undefined
        ? "Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of this account."
        : `Add an ${type} with sseAlgorithm aws:kms and a kmsMasterKeyId.`,
  };
}
