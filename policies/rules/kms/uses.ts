import type { Use } from "../../core/key-policy.ts";
import type { Graph, Node } from "../../core/graph.ts";
import { BUCKETS } from "../s3/buckets.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const BUDGET = "aws:budgets/budget:Budget";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

/** Who uses a key, and for what. */
export type KeyUse = Pick<Use, "by" | "service" | "actions">;

/** What takes a key, the properties that name it, and who uses the key then. */
export interface Encrypted {
  readonly properties: readonly string[];
  readonly uses: (resource: Node, graph: Graph) => KeyUse[];
}

/** A service by itself, without a caller of the account who may. */
function alone(service: string, ...actions: string[]): KeyUse {
  return { by: "service", service, actions };
}

/** A service that is called, and that keeps the key by a grant from there on. */
function granted(service: string): () => KeyUse[] {
  return () => [
    {
      by: "caller",
      service,
      actions: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
    },
  ];
}

/** A service that is called, each time anew. */
function called(service: string): KeyUse {
  return { by: "caller", service, actions: ["kms:Decrypt", "kms:GenerateDataKey"] };
}

/** Publishing to what is encrypted (SNS and SQS Developer Guides, "Enable compatibility between event sources and encrypted ..."). */
function publisher(service: string): KeyUse {
  return alone(service, "kms:Decrypt", "kms:GenerateDataKey");
}

/**
 * Who reads and writes a bucket's objects without a caller: CloudFront by its origin access control (CloudFront Developer
 * Guide, "SSE-KMS"), and the delivery of logs (CloudWatch Logs User Guide, "Amazon S3 bucket server-side encryption").
 */
function bucketUses(setting: Node, graph: Graph): KeyUse[] {
  const buckets = graph.targets(setting, "bucket", ...BUCKETS);
  const hasUsers = (...types: string[]): boolean =>
    buckets.some((bucket) => graph.usersOf(bucket, ...types).length > 0);
  const isOrigin = buckets.some((bucket) =>
    graph.usersOf(bucket, DISTRIBUTION).some((site) => site.sources("origins").includes(bucket)),
  );
  return [
    called("s3"),
    ...(isOrigin ? [alone("cloudfront", "kms:Decrypt")] : []),
    ...(hasUsers(DESTINATION, FLOW_LOG)
      ? [alone("delivery.logs", "kms:Decrypt", "kms:GenerateDataKey")]
      : []),
  ];
}

const bucketEncryption: Encrypted = { properties: ["rules"], uses: bucketUses };
const database: Encrypted = {
  properties: ["kmsKeyId", "performanceInsightsKmsKeyId"],
  uses: granted("rds"),
};

export const ENCRYPTED: Readonly<Record<string, Encrypted>> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    properties: ["kmsKeyId"],
    uses: () => [alone("logs", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")],
  },
  "aws:cloudtrail/trail:Trail": {
    properties: ["kmsKeyId"],
    uses: () => [alone("cloudtrail", "kms:GenerateDataKey")],
  },
  "aws:sns/topic:Topic": {
    properties: ["kmsMasterKeyId"],
    uses: (topic, graph) => [
      called("sns"),
      ...(graph.usersOf(topic, ALARM).length > 0 ? [publisher("cloudwatch")] : []),
      ...(graph.referring(topic, "arn", TARGET).length > 0 ? [publisher("events")] : []),
      ...(graph.usersOf(topic, BUDGET).length > 0 ? [publisher("budgets")] : []),
    ],
  },
  "aws:sqs/queue:Queue": {
    properties: ["kmsMasterKeyId"],
    uses: (queue, graph) => [
      called("sqs"),
      ...(graph.usersOf(queue, TARGET).length > 0 ? [publisher("events")] : []),
      ...(graph.usersOf(queue, SUBSCRIPTION).length > 0 ? [publisher("sns")] : []),
    ],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketEncryption,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2":
    bucketEncryption,
  "aws:rds/instance:Instance": database,
  "aws:rds/cluster:Cluster": database,
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    properties: ["kmsKeyId"],
    uses: granted("elasticache"),
  },
  "aws:efs/fileSystem:FileSystem": { properties: ["kmsKeyId"], uses: granted("elasticfilesystem") },
  "aws:ecr/repository:Repository": { properties: ["encryptionConfigurations"], uses: granted("ecr") },
  "aws:lambda/function:Function": { properties: ["kmsKeyArn"], uses: granted("lambda") },
  "aws:secretsmanager/secret:Secret": {
    properties: ["kmsKeyId"],
    uses: () => [called("secretsmanager")],
  },
};
