/**
 * Judges a generated stack as the engine has it judged, without the engine: through the policy SDK's own handlers, which
 * decode each request. Prints the milliseconds of CPU a resource.
 */
import { createRequire } from "node:module";
import type analyzerTypes from "@pulumi/pulumi/proto/analyzer_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { toPolicies } from "../policies/core/pack.ts";
import { rules } from "../policies/rules.ts";

const require = createRequire(import.meta.url);

type Callback = (error: Error | null | undefined, response: unknown) => void;
type Handler = (call: { request: unknown }, callback: Callback) => void;
type MakeHandler = (pack: string, version: string, level: string, policies: unknown) => Handler;
const server = require("@pulumi/policy/server") as {
  makeRemediateRpcFun: MakeHandler;
  makeAnalyzeRpcFun: MakeHandler;
  makeAnalyzeStackRpcFun: MakeHandler;
};

interface Made {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  sources?: Record<string, string[]>;
}

const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const urnOf = (type: string, name: string): string => `urn:pulumi:live::shop::${type}::${name}`;

const BUCKET = "aws:s3/bucket:Bucket";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Ten resources of one small service, as often as is asked for. */
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

function declared({ type, name, inputs }: Made): analyzerTypes.AnalyzeRequest {
  return new analyzer.AnalyzeRequest()
    .setType(type)
    .setName(name)
    .setUrn(urnOf(type, name))
    .setOptions(new analyzer.AnalyzerResourceOptions())
    .setProperties(structs.Struct.fromJavaScript(inputs as never));
}

function finished({ type, name, inputs, sources = {} }: Made): analyzerTypes.AnalyzerResource {
  const resource = new analyzer.AnalyzerResource()
    .setType(type)
    .setName(name)
    .setUrn(urnOf(type, name))
    .setOptions(new analyzer.AnalyzerResourceOptions())
    .setProperties(structs.Struct.fromJavaScript(inputs as never));
  const dependencies = resource.getPropertydependenciesMap();
  for (const [property, urns] of Object.entries(sources))
    dependencies.set(property, new analyzer.AnalyzerPropertyDependencies().setUrnsList(urns));
  return resource;
}

function ask(handler: Handler, request: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error: Error | null | undefined) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

async function judge(count: number): Promise<number> {
  const policies = toPolicies(rules, { preview: true, stack: {}, today: new Date() });
  const [remediate, analyze, analyzeStack] = [
    server.makeRemediateRpcFun,
    server.makeAnalyzeRpcFun,
    server.makeAnalyzeStackRpcFun,
  ].map((make) => make("bench", "1.0.0", "mandatory", policies)) as [Handler, Handler, Handler];
  const made = Array.from({ length: count / 10 }, (_, index) => service(index)).flat();
  const requests = made.map(declared);
  const stack = new analyzer.AnalyzeStackRequest().setResourcesList([
    finished({ type: "pulumi:pulumi:Stack", name: "shop", inputs: {} }),
    ...made.map(finished),
  ]);
  const start = process.cpuUsage();
  for (const request of requests) {
    await ask(remediate, request);
    await ask(analyze, request);
  }
  await ask(analyzeStack, stack);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / count;
}

await judge(200); // so that the code is compiled
for (const count of [200, 2000]) process.stdout.write(`${count} ${(await judge(count)).toFixed(3)}\n`);
