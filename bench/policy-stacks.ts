import type analyzerTypes from "@pulumi/pulumi/proto/analyzer_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Snapshot } from "../policies/core/snapshot.ts";

/** A stack as the engine asks a pack about it: each resource before it is made, and then all of them. */
export interface AskedStack {
  readonly resources: readonly analyzerTypes.AnalyzeRequest[];
  readonly stack: analyzerTypes.AnalyzeStackRequest;
}

/** What the engine showed of a stack. */
export function recorded({ declared: before, finished: after }: Snapshot): AskedStack {
  return {
    resources: before.map(declared),
    stack: stackOf(
      after.map(({ type, name, urn, outputs, propertyDependencies }) => ({
        type,
        name,
        urn,
        inputs: outputs,
        sources: propertyDependencies,
      })),
    ),
  };
}

/** Small services of ten resources each. */
export function generated(resources: number): AskedStack {
  const made = Array.from({ length: resources / 10 }, (_, index) => service(index))
    .flat()
    .map((resource) => ({ ...resource, urn: urnOf(resource.type, resource.name) }));
  const root = "pulumi:pulumi:Stack";
  return {
    resources: made.map(declared),
    stack: stackOf([{ type: root, name: "shop", urn: urnOf(root, "shop"), inputs: {} }, ...made]),
  };
}

interface Made {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  sources?: Record<string, string[]>;
}
type Known = Made & { urn: string };

const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const urnOf = (type: string, name: string): string => `urn:pulumi:live::shop::${type}::${name}`;

const BUCKET = "aws:s3/bucket:Bucket";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Ten resources of one small service. */
function service(index: number): Made[] {
  const bucket = urnOf(BUCKET, `files-${index}`);
  const group = urnOf(GROUP, `group-${index}`);
  const policy = JSON.stringify({
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
  const trust = JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  });
  const tags = { environment: "live", owner: "bench", component: `service-${index}` };
  return [
    { type: BUCKET, name: `files-${index}`, inputs: { bucket: `files-${index}`, tags } },
    {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      name: `files-${index}`,
      inputs: {
        bucket: `files-${index}`,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      sources: { bucket: [bucket] },
    },
    {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: `files-${index}`,
      inputs: { bucket: `files-${index}`, policy },
      sources: { bucket: [bucket] },
    },
    { type: GROUP, name: `group-${index}`, inputs: { description: "A service", vpcId: "vpc-1", tags } },
    {
      type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      name: `in-${index}`,
      inputs: {
        securityGroupId: `sg-${index}`,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "10.0.0.0/16",
        description: "Callers",
      },
      sources: { securityGroupId: [group] },
    },
    {
      type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      name: `out-${index}`,
      inputs: {
        securityGroupId: `sg-${index}`,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
        description: "AWS",
      },
      sources: { securityGroupId: [group] },
    },
    {
      type: LOG_GROUP,
      name: `logs-${index}`,
      inputs: { name: `/service/${index}`, retentionInDays: 180, kmsKeyId: key, tags },
    },
    { type: "aws:iam/role:Role", name: `role-${index}`, inputs: { assumeRolePolicy: trust, tags } },
    {
      type: "aws:lambda/function:Function",
      name: `function-${index}`,
      inputs: {
        role: "r",
        runtime: "nodejs24.x",
        kmsKeyArn: key,
        environment: { variables: { APP_ENV: "live", PORT: "3040" } },
        vpcConfig: { securityGroupIds: [`sg-${index}`], subnetIds: ["subnet-1"] },
        tags,
      },
      sources: { vpcConfig: [group] },
    },
    {
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      name: `alarm-${index}`,
      inputs: {
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
        alarmActions: ["arn:aws:sns:x"],
        tags,
      },
    },
  ];
}

/** A resource as the engine asks about it. */
export function declared({ type, name, urn, inputs }: Known): analyzerTypes.AnalyzeRequest {
  return new analyzer.AnalyzeRequest()
    .setType(type)
    .setName(name)
    .setUrn(urn)
    .setOptions(new analyzer.AnalyzerResourceOptions())
    .setProperties(structs.Struct.fromJavaScript(inputs as never));
}

function stackOf(resources: readonly Known[]): analyzerTypes.AnalyzeStackRequest {
  return new analyzer.AnalyzeStackRequest().setResourcesList(resources.map(finished));
}

function finished({ type, name, urn, inputs, sources = {} }: Known): analyzerTypes.AnalyzerResource {
  const resource = new analyzer.AnalyzerResource()
    .setType(type)
    .setName(name)
    .setUrn(urn)
    .setOptions(new analyzer.AnalyzerResourceOptions())
    .setProperties(structs.Struct.fromJavaScript(inputs as never));
  const dependencies = resource.getPropertydependenciesMap();
  for (const [property, urns] of Object.entries(sources))
    dependencies.set(property, new analyzer.AnalyzerPropertyDependencies().setUrnsList(urns));
  return resource;
}
