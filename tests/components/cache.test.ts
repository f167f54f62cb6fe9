import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { assertCacheArgs } from "../../components/cache-args.ts";
import { Cache, type CacheArgs } from "../../components/cache.ts";
import * as examples from "./examples.ts";
import { run, valueOf } from "./mocks.ts";

const outputs = {
  "aws:elasticache/replicationGroup:ReplicationGroup": () => ({
    replicationGroupId: "cache-1a2b3c4",
    primaryEndpointAddress: "master.cache-1a2b3c4.x.use1.cache.amazonaws.com",
    readerEndpointAddress: "replica.cache-1a2b3c4.x.use1.cache.amazonaws.com",
  }),
};

function make(changes: Partial<CacheArgs> = {}) {
  return run(() => new Cache("cache", { ...examples.cache, ...changes }), { outputs });
}

async function group(changes: Partial<CacheArgs> = {}) {
  return (await make(changes)).recording.one("ReplicationGroup");
}

function problemsOf(changes: Partial<CacheArgs>, name = "cache"): string[] {
  try {
    assertCacheArgs(name, { ...examples.cache, ...changes });
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }
  return [];
}

describe("Cache", () => {
  for (const [engine, version, family] of [
    ["valkey", "7.2", "valkey7"],
    ["redis", "7.1", "redis7"],
  ] as const) {
    it(`runs ${engine} ${version} with parameters of its family`, async () => {
      const { recording } = await make({ engine });
      assert.partialDeepStrictEqual(recording.one("ReplicationGroup").inputs, {
        engine,
        engineVersion: version,
        port: 6379,
      });
      const parameters = recording.one("aws:elasticache/parameterGroup:ParameterGroup");
      assert.equal(parameters.inputs["family"], family);
      assert.equal(parameters.options.deleteBeforeReplace, false);
    });
  }

  it("waits with changes for the maintenance window unless told otherwise", async () => {
    assert.equal((await group()).inputs["applyImmediately"], false);
    assert.partialDeepStrictEqual((await group({ engineVersion: "8.0", changes: "now" })).inputs, {
      engineVersion: "8.0",
      applyImmediately: true,
    });
  });

  it("fails over between zones, in one shard", async () => {
    const { inputs } = await group();
    assert.partialDeepStrictEqual(inputs, {
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
    });
    assert.equal(inputs["numNodeGroups"], undefined);
    assert.equal(inputs["clusterMode"], undefined);
  });

  it("does without failover on a single node", async () => {
    assert.partialDeepStrictEqual((await group({ nodes: 1 })).inputs, {
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
    });
  });

  it("encrypts at rest with the key and in transit, and asks for the token", async () => {
    const { inputs, secretInputs, options } = await group();
    assert.partialDeepStrictEqual(inputs, {
      atRestEncryptionEnabled: true,
      kmsKeyId: examples.kmsKeyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      authToken: examples.cache.authToken,
      authTokenUpdateStrategy: "ROTATE",
    });
    assert.deepEqual(secretInputs, ["authToken"]);
    assert.ok(options.ignoreChanges.includes("authToken"), "a rotated token is never written back");
  });

  it("makes daily snapshots, apart from the maintenance", async () => {
    assert.partialDeepStrictEqual((await group()).inputs, {
      snapshotRetentionLimit: 7,
      snapshotWindow: "02:00-03:00",
      maintenanceWindow: "sun:05:45-sun:06:45",
      autoMinorVersionUpgrade: true,
    });
  });

  it("is filled from a snapshot when it is made, and not made anew because of it", async () => {
    const { inputs, options } = await group({ snapshotName: "before-the-accident" });
    assert.equal(inputs["snapshotName"], "before-the-accident");
    assert.ok(options.ignoreChanges.includes("snapshotName"));
  });

  it("delivers slow log and engine log to encrypted groups", async () => {
    const { recording } = await make();
    assert.deepEqual(
      recording.all("LogGroup").map(({ inputs }) => inputs),
      ["slow-log", "engine-log"].map((log) => ({
        namePrefix: `/aws/vendedlogs/elasticache/cache-${log}-`,
        retentionInDays: 180,
        kmsKeyId: examples.kmsKeyArn,
      })),
    );
    const deliveries = recording.one("ReplicationGroup").inputs["logDeliveryConfigurations"] as object[];
    assert.partialDeepStrictEqual(deliveries, [
      { logType: "slow-log", destinationType: "cloudwatch-logs", logFormat: "json" },
      { logType: "engine-log", destinationType: "cloudwatch-logs", logFormat: "json" },
    ]);
  });

  it("tells its failovers to a topic where one is given", async () => {
    assert.equal((await group()).inputs["notificationTopicArn"], undefined);
    const topic = "arn:aws:sns:us-east-1:123456789012:alarms";
    assert.equal((await group({ notificationTopicArn: topic })).inputs["notificationTopicArn"], topic);
  });

  it("opens no port by itself and says where it listens", async () => {
    const { result, recording } = await make();
    assert.deepEqual(
      recording.resources.filter(({ type }) => /SecurityGroup\w+Rule/.test(type)),
      [],
    );
    assert.deepEqual([result.peer.label, result.peer.port, result.port], ["cache", 6379, 6379]);
    assert.match(await valueOf(result.endpoint), /^master\./);
  });

  it("watches every node, and replication where there is some", async () => {
    const { result } = await make();
    assert.deepEqual(
      result.alarms().map(({ name }) => name),
      [
        "cache-failover",
        ...[1, 2].flatMap((node) =>
          ["cpu", "host-cpu", "memory", "evictions", "logins", "replication"].map(
            (of) => `cache-${of}-${node}`,
          ),
        ),
      ],
    );
    const second = result.alarms().find(({ name }) => name === "cache-cpu-2");
    assert.equal(await valueOf(second?.metric.dimensions["CacheClusterId"] ?? ""), "cache-1a2b3c4-002");
    const alone = await make({ nodes: 1 });
    assert.deepEqual(
      alone.result.alarms().map(({ name }) => name),
      ["cache-cpu-1", "cache-host-cpu-1", "cache-memory-1", "cache-evictions-1", "cache-logins-1"],
    );
  });

  it("notices a failover by the nodes' roles, also when the failed node falls silent", async () => {
    const { result } = await make({ nodes: 3 });
    const alarm = result.alarms().find(({ name }) => name === "cache-failover");
    assert.equal(
      alarm?.math?.expression,
      "ABS(DIFF(FILL(m, REPEAT))) + ABS(DIFF(FILL(n2, REPEAT))) + ABS(DIFF(FILL(n3, REPEAT)))",
    );
    const watched = [alarm.metric, ...Object.values(alarm.math.others ?? {})];
    assert.deepEqual(
      await Promise.all(watched.map(({ dimensions }) => valueOf(dimensions["CacheClusterId"] ?? ""))),
      ["cache-1a2b3c4-001", "cache-1a2b3c4-002", "cache-1a2b3c4-003"],
    );
    assert.deepEqual(new Set(watched.map(({ metricName }) => metricName)), new Set(["IsMaster"]));
    assert.equal(alarm.datapointsToAlarm, 1);
  });

  it("tells all bad arguments at once, never the token, before anything is made", () => {
    assert.throws(
      () =>
        new Cache("cache", { ...examples.cache, nodes: 7, authToken: "short/secret", logRetentionDays: 2 }),
      (error) =>
        pulumi.InputPropertiesError.isInstance(error) &&
        /^Cache "cache" has 3 bad arguments:/.test(error.message) &&
        !error.message.includes("short/secret"),
    );
  });

  for (const [path, changes] of [
    ["engineVersion", { engine: "redis", engineVersion: "7.2" }],
    ["nodeType", { nodeType: "t4g.micro" }],
    ["nodes", { nodes: 0 }],
    ["snapshotRetentionDays", { snapshotRetentionDays: 36 }],
    ["authToken", { authToken: "with a space in it" }],
    ["snapshotWindow", { snapshotWindow: "2-3" }],
    ["maintenanceWindow", { maintenanceWindow: "daily" }],
  ] as const) {
    it(`refuses a bad ${path}`, () => assert.deepEqual(problemsOf(changes), [path]));
  }

  it("refuses a name that ElastiCache would not take", () => {
    assert.deepEqual(problemsOf({}, "a-name-that-is-much-too-long-for-a-cache"), ["name"]);
  });
});
