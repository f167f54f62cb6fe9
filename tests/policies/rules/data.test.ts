import assert from "node:assert/strict";
import { rules } from "../../../policies/rules.ts";
import { logGroupEncrypted } from "../../../policies/rules/cloudwatch/log-group-encrypted.ts";
import { logGroupRetention } from "../../../policies/rules/cloudwatch/log-group-retention.ts";
import { protectedTrail } from "../../../policies/rules/cloudtrail/protected.ts";
import { immutableScanned } from "../../../policies/rules/ecr/immutable-scanned.ts";
import { encryptedFileSystem } from "../../../policies/rules/efs/encrypted.ts";
import { authenticated } from "../../../policies/rules/elasticache/authenticated.ts";
import { encrypted } from "../../../policies/rules/elasticache/encrypted.ts";
import { rotation } from "../../../policies/rules/kms/rotation.ts";
import { blockPublicAccess } from "../../../policies/rules/s3/block-public-access.ts";
import { noPublicAcl } from "../../../policies/rules/s3/no-public-acl.ts";
import { publicAccessBlockPresent } from "../../../policies/rules/s3/public-access-block-present.ts";
import { bucketTlsOnly } from "../../../policies/rules/s3/tls-only.ts";
import { customerKey } from "../../../policies/rules/secretsmanager/customer-key.ts";
import { topicTlsOnly } from "../../../policies/rules/sns/tls-only.ts";
import { topicEncrypted } from "../../../policies/rules/sns/topic-encrypted.ts";
import { queueEncrypted } from "../../../policies/rules/sqs/queue-encrypted.ts";
import { documentReadable } from "../../../policies/rules/iam/document-readable.ts";
import {
  describeRule,
  stackViolations,
  unknown,
  violations,
  type Fixture,
  type Mutation,
} from "../harness.ts";

const key = "arn:aws:kms:us-east-1:123456789012:key/1";

const mustBe = (path: string, is: string, must: string, fix = `to ${must}`): string =>
  `${path} is ${is}; it must be ${must}. Set ${path} ${fix}.`;
const mustBeTrue = (path: string): Mutation[] => [
  { path, value: undefined, messages: [mustBe(path, "not set", "true")] },
  { path, value: false, messages: [mustBe(path, "false", "true")] },
];
const mustBeKey = (path: string): Mutation[] =>
  [undefined, "alias/aws/service", ""].map((value) => ({
    path,
    value,
    messages: [
      mustBe(
        path,
        value === undefined ? "not set" : JSON.stringify(value),
        "a customer-managed KMS key",
        "to the ARN of a KMS key of this account",
      ),
    ],
  }));

describeRule(encrypted, [
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    compliant: { atRestEncryptionEnabled: true, transitEncryptionEnabled: true, kmsKeyId: key },
    alsoCompliant: [
      {
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        kmsKeyId: key,
      },
    ],
    mutations: [
      ...mustBeTrue("atRestEncryptionEnabled"),
      ...mustBeTrue("transitEncryptionEnabled"),
      ...mustBeKey("kmsKeyId"),
      {
        path: "transitEncryptionMode",
        value: "preferred",
        messages: [mustBe("transitEncryptionMode", '"preferred"', "required")],
      },
    ],
  },
]);

describeRule(authenticated, [
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    compliant: { engine: "valkey", authToken: "0123456789abcdef" },
    alsoCompliant: [{ userGroupIds: ["users"] }, { userGroupIds: [unknown] }],
    mutations: [
      {
        path: "authToken",
        value: undefined,
        messages: [
          "authToken is not set, and neither is userGroupIds; it must be a secret of 16 to 128 characters. Set authToken to a secret, or userGroupIds to a user group.",
        ],
      },
      {
        path: "authToken",
        value: "hunter2",
        messages: [
          "authToken is too short; it must be a secret of 16 to 128 characters. Set authToken to a secret, or userGroupIds to a user group.",
        ],
      },
    ],
  },
]);

describeRule(blockPublicAccess, [
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    compliant: {
      bucket: unknown,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    mutations: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap(
      mustBeTrue,
    ),
  },
]);

describeRule(
  noPublicAcl,
  ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucket:Bucket"].map((type) => ({
    type,
    compliant: { bucket: unknown, acl: "private" },
    alsoCompliant: [{}, { acl: "log-delivery-write" }],
    mutations: [
      {
        path: "acl",
        value: "public-read",
        messages: [
          mustBe(
            "acl",
            '"public-read"',
            "private, or left out",
            "to private, and let a bucket policy name who may read",
          ),
        ],
      },
    ],
  })),
);

describeRule(customerKey, [
  {
    type: "aws:secretsmanager/secret:Secret",
    compliant: { name: "/a/b", kmsKeyId: key },
    mutations: mustBeKey("kmsKeyId"),
  },
]);

describeRule(rotation, [
  {
    type: "aws:kms/key:Key",
    compliant: { description: "Data", enableKeyRotation: true },
    alsoCompliant: [{ customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" }],
    mutations: mustBeTrue("enableKeyRotation"),
  },
]);

describeRule(logGroupEncrypted, [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    compliant: { name: "/a", kmsKeyId: key },
    mutations: mustBeKey("kmsKeyId"),
  },
]);

describeRule(logGroupRetention, [
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    compliant: { name: "/a", retentionInDays: 180 },
    mutations: [
      {
        path: "retentionInDays",
        value: undefined,
        messages: [mustBe("retentionInDays", "not set", "1 or more")],
      },
      { path: "retentionInDays", value: 0, messages: [mustBe("retentionInDays", "0", "1 or more")] },
    ],
  },
]);

describeRule(immutableScanned, [
  {
    type: "aws:ecr/repository:Repository",
    compliant: {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: unknown }],
    },
    mutations: [
      {
        path: "imageTagMutability",
        value: undefined,
        messages: [mustBe("imageTagMutability", "not set", "IMMUTABLE")],
      },
      ...mustBeTrue("imageScanningConfiguration.scanOnPush"),
      {
        path: "encryptionConfigurations.0.encryptionType",
        value: "AES256",
        messages: [mustBe("encryptionConfigurations[0].encryptionType", '"AES256"', "one of KMS, KMS_DSSE")],
      },
    ],
  },
]);

describeRule(protectedTrail, [
  {
    type: "aws:cloudtrail/trail:Trail",
    compliant: { s3BucketName: "b", kmsKeyId: key, enableLogFileValidation: true, isMultiRegionTrail: true },
    mutations: [
      ...mustBeKey("kmsKeyId"),
      ...mustBeTrue("enableLogFileValidation"),
      ...mustBeTrue("isMultiRegionTrail"),
      { path: "enableLogging", value: false, messages: [mustBe("enableLogging", "false", "true")] },
    ],
  },
]);

describeRule(encryptedFileSystem, [
  {
    type: "aws:efs/fileSystem:FileSystem",
    compliant: { encrypted: true, kmsKeyId: key },
    mutations: [...mustBeTrue("encrypted"), ...mustBeKey("kmsKeyId")],
  },
]);

describeRule(topicEncrypted, [
  {
    type: "aws:sns/topic:Topic",
    compliant: { name: "alarms", kmsMasterKeyId: key },
    mutations: mustBeKey("kmsMasterKeyId"),
  },
]);

describeRule(queueEncrypted, [
  {
    type: "aws:sqs/queue:Queue",
    compliant: { name: "letters", kmsMasterKeyId: key },
    alsoCompliant: [{ sqsManagedSseEnabled: true }],
    mutations: mustBeKey("kmsMasterKeyId"),
  },
]);

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
      `bucket (${BUCKET}): public access block is missing; it must be there. Add a ${block} with all four settings true.`,
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
  const fix = `Give it a ${BUCKET_POLICY} with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.`;

  /** A bucket whose policy is unknown, as in a preview, and whose document registered these statements. */
  function withStatements(statements: object[]): string[] {
    violations(documentReadable, DOCUMENT, { statements }, "urn:document");
    return stackViolations(bucketTlsOnly, [
      bucket,
      { name: "document", type: DOCUMENT },
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

describe("rules", () => {
  it("have names of their own", () => {
    const names = rules.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });
});
