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
import { customerKey } from "../../../policies/rules/secretsmanager/customer-key.ts";
import { topicEncrypted } from "../../../policies/rules/sns/topic-encrypted.ts";
import { queueEncrypted } from "../../../policies/rules/sqs/queue-encrypted.ts";
import { describeRule, mustBe, mustBeKey, mustBeSet, mustBeTrue, unknown } from "../harness.ts";

const key = "arn:aws:kms:us-east-1:123456789012:key/1";

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
    // Users bring tokens of their own.
    decides: ["userGroupIds"],
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
  ["bucketAcl:BucketAcl", "bucket:Bucket", "bucketObject:BucketObject", "bucketObjectv2:BucketObjectv2"].map(
    (type) => ({
      type: `aws:s3/${type}`,
      compliant: { bucket: unknown, acl: "private" },
      alsoCompliant: [{ acl: "log-delivery-write" }],
      wellWithout: ["acl"],
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
    }),
  ),
);

describeRule(customerKey, [
  {
    type: "aws:secretsmanager/secret:Secret",
    compliant: { name: "/a/b", kmsKeyId: key, replicas: [{ region: "us-west-2", kmsKeyId: key }] },
    mutations: [
      ...mustBeKey("kmsKeyId"),
      mustBeSet(
        "replicas.0.kmsKeyId",
        "a customer-managed KMS key",
        "to the ARN of a KMS key of this account",
      ),
    ],
  },
]);

describeRule(rotation, [
  {
    type: "aws:kms/key:Key",
    compliant: { description: "Data", enableKeyRotation: true },
    alsoCompliant: [{ customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY" }],
    // KMS rotates symmetric keys for encryption only.
    decides: ["customerMasterKeySpec", "keyUsage"],
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
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
    },
    mutations: [
      {
        path: "imageTagMutability",
        value: undefined,
        messages: [mustBe("imageTagMutability", "not set", "IMMUTABLE")],
      },
      ...mustBeTrue("imageScanningConfiguration.scanOnPush"),
      {
        path: "encryptionConfigurations.0.kmsKey",
        value: undefined,
        messages: [
          mustBe(
            "encryptionConfigurations[0].kmsKey",
            "not set",
            "a customer-managed KMS key",
            "to the ARN of a KMS key of this account",
          ),
        ],
      },
      mustBeSet("encryptionConfigurations.0.encryptionType", "one of KMS, KMS_DSSE"),
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
    decides: ["sqsManagedSseEnabled"],
    mutations: mustBeKey("kmsMasterKeyId"),
  },
]);
