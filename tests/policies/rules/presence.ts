import assert from "node:assert/strict";
import { publicAccessBlockPresent } from "../../../policies/rules/s3/public-access-block-present.ts";
import { bucketTlsOnly } from "../../../policies/rules/s3/tls-only.ts";
import { topicTlsOnly } from "../../../policies/rules/sns/tls-only.ts";
import { stackUnproven, stackViolations, unknown, type Fixture } from "../harness.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const DOCUMENT = "macro-ai:components:PolicyDocument";
const bucket: Fixture = { name: "bucket", type: BUCKET, properties: { bucket: unknown } };

describe("s3-public-access-block-present", () => {
  it("passes a bucket with one and refuses a bucket without", () => {
    const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    const guard: Fixture = { name: "guard", type: block, sources: { bucket: ["bucket"] } };
    assert.deepEqual(stackViolations(publicAccessBlockPresent, [bucket, guard]), []);
    assert.deepEqual(stackViolations(publicAccessBlockPresent, [bucket]), [
      `bucket (${BUCKET}): public access block is missing; it must be part of the stack. Add an ${block} with all four settings true.`,
    ]);
  });
});

describe("s3-tls-only", () => {
  const deny = {
    sid: "DenyPlaintext",
    effect: "Deny",
    principals: { AWS: "*" },
    actions: ["s3:*"],
    resources: [unknown],
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };
  const fix = `Give it an ${BUCKET_POLICY} with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.`;

  /** A bucket whose policy is unknown, as in a preview, and whose document registered these statements. */
  function withStatements(statements: object[]): string[] {
    return stackViolations(bucketTlsOnly, [
      bucket,
      { name: "document", type: DOCUMENT, properties: { statements } },
      {
        name: "policy",
        type: BUCKET_POLICY,
        properties: { bucket: unknown, policy: unknown },
        parent: "document",
        sources: { bucket: ["bucket"] },
      },
    ]);
  }

  it("reads the registered statements while the JSON is unknown", () => {
    assert.deepEqual(withStatements([deny]), []);
    assert.deepEqual(withStatements([{ ...deny, effect: "Allow" }]), [
      `bucket (${BUCKET}): policy is without a statement that denies plaintext; it must be one that denies everyone what comes without TLS. ${fix}`,
    ]);
  });

  it("is not deceived by a statement that denies only some", () => {
    for (const change of [
      { principals: { AWS: "arn:aws:iam::123456789012:root" } },
      { conditions: { Bool: { "aws:SecureTransport": "true" } } },
      { conditions: { ...deny.conditions, StringEquals: { "aws:PrincipalAccount": "1" } } },
      { actions: ["s3:GetObject"] },
    ]) {
      assert.equal(withStatements([{ ...deny, ...change }]).length, 1, JSON.stringify(change));
    }
  });

  it("reads JSON, and leaves it to the update while unknown", () => {
    const json = JSON.stringify({
      Statement: {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    });
    for (const [policy, count] of [
      [json, 0],
      [unknown, 0],
      ['{"Statement":[]}', 1],
    ] as const) {
      const fixtures = [
        bucket,
        { name: "policy", type: BUCKET_POLICY, properties: { policy }, sources: { bucket: ["bucket"] } },
      ];
      assert.equal(stackViolations(bucketTlsOnly, fixtures).length, count, policy);
      assert.deepEqual(stackUnproven(bucketTlsOnly, fixtures), policy === unknown ? ["bucket: policy"] : []);
    }
  });

  it("refuses a bucket without a policy", () => {
    assert.deepEqual(stackViolations(bucketTlsOnly, [bucket]), [
      `bucket (${BUCKET}): policy is not set; it must be one that denies everyone what comes without TLS. ${fix}`,
    ]);
  });
});

describe("sns-tls-only", () => {
  it("refuses a topic whose policy lets plaintext in", () => {
    const topic: Fixture = { name: "topic", type: "aws:sns/topic:Topic" };
    const policy = '{"Statement":[{"Effect":"Allow","Principal":{"Service":"x"},"Action":"sns:Publish"}]}';
    const fixtures = [
      topic,
      {
        name: "policy",
        type: "aws:sns/topicPolicy:TopicPolicy",
        properties: { policy },
        sources: { arn: ["topic"] },
      },
    ];
    assert.equal(stackViolations(topicTlsOnly, fixtures).length, 1);
  });
});
