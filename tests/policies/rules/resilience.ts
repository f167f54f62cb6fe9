import { stageObserved } from "../../../policies/rules/apigateway/stage-observed.ts";
import { trailWatched } from "../../../policies/rules/cloudtrail/watched.ts";
import { clusterObserved } from "../../../policies/rules/ecs/cluster-observed.ts";
import { containerLogs } from "../../../policies/rules/ecs/container-logs.ts";
import { cacheBackups } from "../../../policies/rules/elasticache/backups.ts";
import { cacheResilient } from "../../../policies/rules/elasticache/resilient.ts";
import { functionResilient } from "../../../policies/rules/lambda/resilient.ts";
import { balancerProtected } from "../../../policies/rules/lb/deletion-protection.ts";
import { balancerLogged } from "../../../policies/rules/lb/kept-and-logged.ts";
import { databaseProtected } from "../../../policies/rules/rds/deletion-protection.ts";
import { highlyAvailable } from "../../../policies/rules/rds/highly-available.ts";
import { databaseLogged } from "../../../policies/rules/rds/logged.ts";
import { maintained } from "../../../policies/rules/rds/maintained.ts";
import { describeRule, mustBe, mustBeSet, mustBeTrue, mustNotBeTrue } from "../harness.ts";

const DATABASE = "aws:rds/instance:Instance";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const arn = "arn:aws:x:us-east-1:123456789012:y";

describeRule(highlyAvailable, [
  { type: DATABASE, compliant: { multiAz: true }, mutations: mustBeTrue("multiAz") },
]);

describeRule(databaseProtected, [
  {
    type: DATABASE,
    compliant: { deletionProtection: true, skipFinalSnapshot: false },
    wellWithout: ["skipFinalSnapshot"],
    mutations: [...mustBeTrue("deletionProtection"), mustNotBeTrue("skipFinalSnapshot")],
  },
  {
    type: "aws:rds/cluster:Cluster",
    compliant: { deletionProtection: true, skipFinalSnapshot: false },
    wellWithout: ["skipFinalSnapshot"],
    mutations: [...mustBeTrue("deletionProtection"), mustNotBeTrue("skipFinalSnapshot")],
  },
]);

describeRule(
  maintained,
  [DATABASE, CACHE].map((type) => ({
    type,
    compliant: { autoMinorVersionUpgrade: true },
    wellWithout: ["autoMinorVersionUpgrade"],
    mutations: [
      {
        path: "autoMinorVersionUpgrade",
        value: false,
        messages: [mustBe("autoMinorVersionUpgrade", "false", "true, or left out", "to true")],
      },
    ],
  })),
);

const logs = 'to ["postgresql", "upgrade"], or what the engine writes';
describeRule(databaseLogged, [
  {
    type: DATABASE,
    compliant: { enabledCloudwatchLogsExports: ["postgresql"] },
    mutations: [
      mustBeSet("enabledCloudwatchLogsExports", "a list of logs", logs),
      {
        path: "enabledCloudwatchLogsExports",
        value: [],
        messages: [mustBe("enabledCloudwatchLogsExports", "[]", "a list of logs", logs)],
      },
    ],
  },
]);

describeRule(cacheResilient, [
  {
    type: CACHE,
    compliant: { automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2 },
    mutations: [
      ...mustBeTrue("automaticFailoverEnabled"),
      ...mustBeTrue("multiAzEnabled"),
      mustBeSet("numCacheClusters", "2 or more"),
      { path: "numCacheClusters", value: 1, messages: [mustBe("numCacheClusters", "1", "2 or more")] },
    ],
  },
]);

describeRule(cacheBackups, [
  {
    type: CACHE,
    compliant: { snapshotRetentionLimit: 7 },
    mutations: [
      {
        path: "snapshotRetentionLimit",
        value: 0,
        messages: [mustBe("snapshotRetentionLimit", "0", "1 or more")],
      },
      mustBeSet("snapshotRetentionLimit", "1 or more"),
    ],
  },
]);

describeRule(
  balancerProtected,
  ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"].map((type) => ({
    type,
    compliant: { enableDeletionProtection: true },
    mutations: mustBeTrue("enableDeletionProtection"),
  })),
);

describeRule(
  balancerLogged,
  ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"].map((type) => ({
    type,
    compliant: { accessLogs: { enabled: true, bucket: "logs" } },
    mutations: [
      ...mustBeTrue("accessLogs.enabled"),
      mustBeSet("accessLogs.bucket", "a bucket", "to the name of the bucket that takes the logs"),
    ],
  })),
);

describeRule(functionResilient, [
  {
    type: "aws:lambda/function:Function",
    compliant: {
      deadLetterConfig: { targetArn: arn },
      loggingConfig: { logGroup: "/functions/a" },
      tracingConfig: { mode: "Active" },
    },
    mutations: [
      mustBeSet("deadLetterConfig.targetArn", "a queue or a topic"),
      mustBeSet(
        "loggingConfig.logGroup",
        "a log group of the stack, whose key and retention are judged",
        "to the name of an aws.cloudwatch.LogGroup",
      ),
      mustBeSet("tracingConfig.mode", "Active"),
      {
        path: "tracingConfig.mode",
        value: "PassThrough",
        messages: [mustBe("tracingConfig.mode", '"PassThrough"', "Active")],
      },
    ],
  },
]);

describeRule(stageObserved, [
  {
    type: "aws:apigatewayv2/stage:Stage",
    compliant: {
      accessLogSettings: { destinationArn: arn, format: "$context.requestId" },
      defaultRouteSettings: { throttlingRateLimit: 50 },
    },
    mutations: [
      mustBeSet("accessLogSettings.destinationArn", "a log group"),
      mustBeSet("defaultRouteSettings.throttlingRateLimit", "1 or more"),
    ],
  },
]);

describeRule(trailWatched, [
  {
    type: "aws:cloudtrail/trail:Trail",
    compliant: { cloudWatchLogsGroupArn: arn, cloudWatchLogsRoleArn: arn },
    mutations: [
      mustBeSet("cloudWatchLogsGroupArn", "a log group"),
      mustBeSet("cloudWatchLogsRoleArn", "a role"),
    ],
  },
]);

const insights =
  'settings.containerInsights is not enabled; it must be enabled or enhanced. Set settings to [{ name: "containerInsights", value: "enabled" }].';
describeRule(clusterObserved, [
  {
    type: "aws:ecs/cluster:Cluster",
    compliant: { settings: [{ name: "containerInsights", value: "enabled" }] },
    alsoCompliant: [{ settings: [{ name: "containerInsights", value: "enhanced" }] }],
    mutations: [
      { path: "settings", value: [], messages: [insights] },
      { path: "settings", value: undefined, messages: [insights] },
      { path: "settings.0.name", value: "other", messages: [insights] },
      { path: "settings.0.name", value: undefined, messages: [insights] },
      { path: "settings.0.value", value: "disabled", messages: [insights] },
      { path: "settings.0.value", value: undefined, messages: [insights] },
    ],
  },
]);

const driver = ["a log driver", "to awslogs, with the group in its options"] as const;
describeRule(containerLogs, [
  {
    type: "macro-ai:components:TaskDefinition",
    compliant: { containers: [{ name: "api", logConfiguration: { logDriver: "awslogs" } }] },
    mutations: [mustBeSet("containers.0.logConfiguration.logDriver", ...driver)],
  },
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    compliant: { containerDefinitions: '[{"logConfiguration":{"logDriver":"awslogs"}}]' },
    // AWS refuses a task without containers.
    wellWithout: ["containerDefinitions"],
    mutations: [
      {
        path: "containerDefinitions",
        value: '[{"logConfiguration":{"logDriver":"awslogs"}},{}]',
        messages: [mustBe("containerDefinitions[1].logConfiguration.logDriver", "not set", ...driver)],
      },
    ],
  },
]);
