import { backups } from "../../../policies/rules/rds/backups.ts";
import { forceTls } from "../../../policies/rules/rds/force-tls.ts";
import { notPublic } from "../../../policies/rules/rds/not-public.ts";
import { performanceInsightsEncrypted } from "../../../policies/rules/rds/performance-insights-encrypted.ts";
import { proxyTls } from "../../../policies/rules/rds/proxy-tls.ts";
import { storageEncrypted } from "../../../policies/rules/rds/storage-encrypted.ts";
import { describeRule, mustBe, mustBeKey, mustBeSet } from "../harness.ts";

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const key = "arn:aws:kms:us-east-1:123456789012:key/1";

const encryptionMutations = [
  {
    path: "storageEncrypted",
    value: undefined,
    messages: ["storageEncrypted is not set; it must be true. Set storageEncrypted to true."],
  },
  {
    path: "storageEncrypted",
    value: false,
    messages: ["storageEncrypted is false; it must be true. Set storageEncrypted to true."],
  },
  {
    path: "kmsKeyId",
    value: "alias/aws/rds",
    messages: [
      'kmsKeyId is "alias/aws/rds"; it must be a customer-managed KMS key. Set kmsKeyId to the ARN of a KMS key of this account.',
    ],
  },
  {
    path: "kmsKeyId",
    value: undefined,
    messages: [
      "kmsKeyId is not set; it must be a customer-managed KMS key. Set kmsKeyId to the ARN of a KMS key of this account.",
    ],
  },
];

describeRule(storageEncrypted, [
  {
    type: INSTANCE,
    compliant: { engine: "postgres", storageEncrypted: true, kmsKeyId: key },
    alsoCompliant: [{ replicateSourceDb: "database" }],
    decides: ["replicateSourceDb", "restoreToPointInTime", "snapshotIdentifier"],
    mutations: encryptionMutations,
  },
  {
    type: INSTANCE,
    // It keeps the key of what it is restored from.
    compliant: { engine: "postgres", storageEncrypted: true, snapshotIdentifier: "before" },
    alsoCompliant: [
      { storageEncrypted: true, restoreToPointInTime: { sourceDbInstanceIdentifier: "database" } },
      { storageEncrypted: true, snapshotIdentifier: "before", kmsKeyId: key },
    ],
    mutations: [
      ...encryptionMutations.slice(0, 3),
      {
        path: "snapshotIdentifier",
        value: undefined,
        messages: encryptionMutations[3]?.messages ?? [],
      },
    ],
  },
  {
    type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    compliant: { kmsKeyId: key, sourceDbInstanceArn: "arn" },
    mutations: mustBeKey("kmsKeyId"),
  },
  { type: CLUSTER, compliant: { storageEncrypted: true, kmsKeyId: key }, mutations: encryptionMutations },
]);

describeRule(
  notPublic,
  [INSTANCE, "aws:rds/clusterInstance:ClusterInstance"].map((type) => ({
    type,
    compliant: { engine: "postgres", publiclyAccessible: false },
    wellWithout: ["publiclyAccessible"],
    mutations: [
      {
        path: "publiclyAccessible",
        value: true,
        messages: ["publiclyAccessible is true; it must be false. Set publiclyAccessible to false."],
      },
    ],
  })),
);

describeRule(
  backups,
  [INSTANCE, CLUSTER].map((type) => ({
    type,
    compliant: { engine: "postgres", backupRetentionPeriod: 30 },
    // A replica is backed up by what it copies.
    decides: ["replicateSourceDb"],
    mutations: [
      {
        path: "backupRetentionPeriod",
        value: undefined,
        messages: [
          "backupRetentionPeriod is not set; it must be 7 or more. Set backupRetentionPeriod to 7 or more.",
        ],
      },
      {
        path: "backupRetentionPeriod",
        value: 0,
        messages: [
          "backupRetentionPeriod is 0; it must be 7 or more. Set backupRetentionPeriod to 7 or more.",
        ],
      },
    ],
  })),
);

describeRule(forceTls, [
  {
    type: "aws:rds/parameterGroup:ParameterGroup",
    compliant: {
      family: "postgres15",
      parameters: [
        { name: "work_mem", value: "4096" },
        { name: "rds.force_ssl", value: "1" },
      ],
    },
    alsoCompliant: [
      { family: "mysql8.0", parameters: [{ name: "require_secure_transport", value: "ON" }] },
      { family: "sqlserver-ee-16.0" },
    ],
    // Other parameters.
    wellWithout: ["parameters.*.name"],
    mutations: [
      ...(["parameters.1.name", "parameters.1.value"] as const).map((path) => ({
        path,
        value: undefined,
        conditions: ["family"],
        messages: [mustBe('parameters["rds.force_ssl"]', "not set", "1")],
      })),
      mustBeSet("family", "an engine's"),
      {
        path: "parameters.1.value",
        value: "0",
        conditions: ["family"],
        messages: ['parameters["rds.force_ssl"] is "0"; it must be 1. Set parameters["rds.force_ssl"] to 1.'],
      },
      {
        path: "parameters",
        value: undefined,
        conditions: ["family"],
        messages: [
          'parameters["rds.force_ssl"] is not set; it must be 1. Set parameters["rds.force_ssl"] to 1.',
        ],
      },
    ],
  },
]);

describeRule(proxyTls, [
  {
    type: "aws:rds/proxy:Proxy",
    compliant: { engineFamily: "POSTGRESQL", requireTls: true },
    mutations: [
      {
        path: "requireTls",
        value: undefined,
        messages: ["requireTls is not set; it must be true. Set requireTls to true."],
      },
    ],
  },
]);

describeRule(performanceInsightsEncrypted, [
  {
    type: INSTANCE,
    compliant: { performanceInsightsEnabled: true, performanceInsightsKmsKeyId: key },
    alsoCompliant: [{}],
    mutations: [
      {
        path: "performanceInsightsKmsKeyId",
        value: undefined,
        conditions: ["performanceInsightsEnabled"],
        messages: [
          "performanceInsightsKmsKeyId is not set; it must be a customer-managed KMS key. Set performanceInsightsKmsKeyId to the ARN of a KMS key of this account.",
        ],
      },
    ],
  },
]);
