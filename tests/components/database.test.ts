import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Database, type DatabaseArgs } from "../../components/database.ts";
import * as examples from "./examples.ts";
import { run, valueOf, type Recording } from "./mocks.ts";

const outputs = { "random:index/randomId:RandomId": () => ({ hex: "1a2b3c4d" }) };

async function make(
  changes: Partial<DatabaseArgs> = {},
): Promise<{ result: Database; recording: Recording }> {
  return run(() => new Database("database", { ...examples.database, ...changes }), { outputs });
}

async function instance(changes: Partial<DatabaseArgs> = {}) {
  const { recording } = await make(changes);
  return recording.one("aws:rds/instance:Instance");
}

describe("Database", () => {
  it("is PostgreSQL 15 in two zones on the isolated subnets, unreachable from outside", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, {
      engine: "postgres",
      engineVersion: "15",
      instanceClass: "db.t4g.medium",
      multiAz: true,
      publiclyAccessible: false,
      port: 5432,
      dbName: "macro_ai",
      autoMinorVersionUpgrade: true,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      vpcSecurityGroupIds: ["database-id"],
    });
    assert.deepEqual(recording.one("SubnetGroup").inputs["subnetIds"], examples.database.subnetIds);
  });

  it("encrypts storage, Performance Insights, master password and logs with the key", async () => {
    const { recording } = await make();
    const key = examples.kmsKeyArn;
    assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, {
      storageEncrypted: true,
      kmsKeyId: key,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: key,
      performanceInsightsRetentionPeriod: 7,
      masterUserSecretKmsKeyId: key,
    });
    assert.ok(recording.all("LogGroup").every(({ inputs }) => inputs["kmsKeyId"] === key));
  });

  it("grows on gp3 between the two sizes", async () => {
    assert.partialDeepStrictEqual((await instance()).inputs, {
      storageType: "gp3",
      allocatedStorage: 50,
      maxAllocatedStorage: 200,
    });
  });

  it("never knows the master password: RDS keeps it", async () => {
    const { result, recording } = await make();
    const { inputs, secretInputs } = recording.one("aws:rds/instance:Instance");
    assert.equal(inputs["manageMasterUserPassword"], true);
    assert.equal(inputs["password"], undefined);
    assert.deepEqual(secretInputs, []);
    assert.match(await valueOf(result.masterSecretArn), /:secret:rds!db-/);
  });

  it("leaves the master password's rotation to RDS, or to the interval asked for", async () => {
    assert.deepEqual((await make()).recording.all("SecretRotation"), []);
    const { recording } = await make({ masterPasswordRotationDays: 90 });
    assert.partialDeepStrictEqual(recording.one("SecretRotation").inputs, {
      rotationRules: { automaticallyAfterDays: 90 },
      rotateImmediately: false,
    });
  });

  it("keeps backups, protects itself and leaves a final snapshot of a unique name", async () => {
    assert.partialDeepStrictEqual((await instance()).inputs, {
      backupRetentionPeriod: 30,
      deletionProtection: true,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      skipFinalSnapshot: false,
      identifier: "database-1a2b3c4d",
      finalSnapshotIdentifier: "database-1a2b3c4d-final",
    });
  });

  it("draws its name once: the random part is a resource, not a new value in each preview", async () => {
    const { recording } = await make();
    assert.deepEqual(recording.one("RandomId").inputs, { byteLength: 4 });
  });

  it("exports its logs into groups that stand before it and outlive it", async () => {
    const { recording } = await make();
    const database = recording.one("aws:rds/instance:Instance");
    const groups = recording.all("LogGroup");
    assert.deepEqual(
      groups.map(({ inputs }) => inputs["name"]),
      ["/aws/rds/instance/database-1a2b3c4d/postgresql", "/aws/rds/instance/database-1a2b3c4d/upgrade"],
    );
    assert.deepEqual(database.inputs["enabledCloudwatchLogsExports"], ["postgresql", "upgrade"]);
    for (const group of groups) {
      assert.ok(database.options.dependencies.includes(group.urn));
      assert.ok(group.options.retainOnDelete);
      assert.equal(group.inputs["retentionInDays"], 180);
    }
  });

  it("is watched every 60 s by a role that writes one log group", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, {
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam:us-east-1:123456789012:role/database-monitoring",
    });
    const arns = recording
      .statements(recording.one("RolePolicy"))
      .flatMap((statement) => statement["resources"] as string[]);
    const group = "arn:aws:logs:us-east-1:123456789012:log-group:RDSOSMetrics";
    assert.deepEqual(arns, [group, `${group}:*`, group, `${group}:log-stream:*`]);
  });

  it("sets the parameters in PostgreSQL's own units", async () => {
    const { recording } = await make({ parameters: { work_mem: "8192" } });
    const { inputs } = recording.one("aws:rds/parameterGroup:ParameterGroup");
    assert.equal(inputs["family"], "postgres15");
    const parameters = inputs["parameters"] as { name: string; value: string; applyMethod: string }[];
    const values = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
    assert.deepEqual(values, {
      max_connections: "200",
      work_mem: "8192",
      "rds.force_ssl": "1",
      log_min_duration_statement: "1000",
      log_statement: "none",
      log_lock_waits: "1",
    });
    assert.equal(parameters.find(({ name }) => name === "max_connections")?.applyMethod, "pending-reboot");
  });

  it("changes family and version together for a new major one; the new group stands first", async () => {
    const { recording } = await make({ engineVersion: "16", changes: "now" });
    const group = recording.one("aws:rds/parameterGroup:ParameterGroup");
    assert.equal(group.inputs["family"], "postgres16");
    assert.equal(group.inputs["name"], undefined, "a name of its own would forbid a second group");
    assert.equal(group.options.deleteBeforeReplace, false);
    assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, {
      engineVersion: "16",
      allowMajorVersionUpgrade: true,
      applyImmediately: true,
    });
  });

  it("waits with changes for the maintenance window unless told otherwise", async () => {
    assert.partialDeepStrictEqual((await instance()).inputs, {
      allowMajorVersionUpgrade: false,
      applyImmediately: false,
      maintenanceWindow: "sun:04:30-sun:05:30",
      backupWindow: "03:00-04:00",
    });
  });

  it("is filled from a snapshot, or from a point in time, when it is made", async () => {
    const fromSnapshot = await instance({ restore: { snapshotIdentifier: "before-the-accident" } });
    assert.equal(fromSnapshot.inputs["snapshotIdentifier"], "before-the-accident");
    const fromTime = await instance({
      restore: { sourceIdentifier: "database-0a0b0c0d", time: "2026-11-23T08:00:00Z" },
    });
    assert.deepEqual(fromTime.inputs["restoreToPointInTime"], {
      sourceDbInstanceIdentifier: "database-0a0b0c0d",
      restoreTime: "2026-11-23T08:00:00Z",
    });
    const latest = await instance({ restore: { sourceIdentifier: "database-0a0b0c0d" } });
    assert.partialDeepStrictEqual(latest.inputs, {
      restoreToPointInTime: { useLatestRestorableTime: true },
    });
  });

  for (const [what, source, expected] of [
    [
      "a deleted instance",
      { sourceResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
      { sourceDbiResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    ],
    [
      "copies from another region",
      { automatedBackupsArn: "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1" },
      { sourceDbInstanceAutomatedBackupsArn: "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1" },
    ],
  ] as const) {
    it(`is filled from the backups of ${what}`, async () => {
      const { inputs } = await instance({ restore: source });
      assert.deepEqual(inputs["restoreToPointInTime"], { ...expected, useLatestRestorableTime: true });
    });
  }

  it("asks for no key where it is restored: it keeps that of its source", async () => {
    const { inputs } = await instance({ restore: { snapshotIdentifier: "before-the-accident" } });
    assert.equal(inputs["kmsKeyId"], undefined);
    assert.partialDeepStrictEqual(inputs, {
      storageEncrypted: true,
      performanceInsightsKmsKeyId: examples.kmsKeyArn,
      masterUserSecretKmsKeyId: examples.kmsKeyArn,
    });
  });

  it("names the events of its instance alone", async () => {
    const { result } = await make();
    const told = result.events().filter(({ pattern }) => pattern.source.includes("aws.rds"));
    assert.deepEqual(
      await Promise.all(told.map(({ pattern }) => valueOf(pulumi.output(pattern)))),
      [["failover"], ["failure", "low storage"], ["availability"]].map((categories) => ({
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event"],
        detail: { SourceIdentifier: ["database-1a2b3c4d"], EventCategories: categories },
      })),
    );
  });

  it("tells of a rotation of its master password that has failed", async () => {
    const { result } = await make();
    const event = result.events().find(({ name }) => name === "database-master-rotation-failed");
    assert.deepEqual(await valueOf(pulumi.output(event?.pattern.detail)), {
      eventName: ["RotationFailed", "RotationAbandoned", "TestRotationFailed"],
      additionalEventData: { SecretId: [await valueOf(result.masterSecretArn)] },
    });
  });

  it("is not made anew because its source changes", async () => {
    assert.deepEqual((await instance()).options.ignoreChanges, [
      "snapshotIdentifier",
      "restoreToPointInTime",
      "kmsKeyId",
    ]);
  });

  it("copies its backups to a second region where asked", async () => {
    assert.deepEqual((await make()).recording.all("InstanceAutomatedBackupsReplication"), []);
    const key = "arn:aws:kms:us-west-2:123456789012:key/1";
    const { recording } = await make({
      replicateBackups: { region: "us-west-2", kmsKeyArn: key, retentionDays: 14 },
    });
    assert.partialDeepStrictEqual(recording.one("InstanceAutomatedBackupsReplication").inputs, {
      region: "us-west-2",
      kmsKeyId: key,
      retentionPeriod: 14,
    });
  });

  it("hands its protection down to everything it holds", async () => {
    const { recording } = await run(() => new Database("database", examples.database, { protect: true }), {
      outputs,
    });
    assert.ok(recording.one("aws:rds/instance:Instance").options.protect);
  });

  it("opens no port by itself", async () => {
    const { result, recording } = await make();
    assert.deepEqual(
      recording.resources.filter(({ type }) => /SecurityGroup\w+Rule/.test(type)),
      [],
    );
    assert.deepEqual([result.peer.label, result.peer.port], ["database", 5432]);
  });

  it("asks for the document's alarm on connections and for one on their share of the limit", async () => {
    const { result } = await make();
    const alarms = Object.fromEntries(result.alarms().map((alarm) => [alarm.name, alarm]));
    assert.partialDeepStrictEqual(alarms["database-connections"], { threshold: 80, evaluationPeriods: 2 });
    assert.equal(alarms["database-connections-share"]?.math?.expression, "100 * m / 200");
    assert.equal(alarms["database-connections-share"].threshold, 80);
    assert.equal(
      await valueOf(alarms["database-cpu"]?.metric.dimensions["DBInstanceIdentifier"] ?? ""),
      "database-1a2b3c4d",
    );
  });

  it("takes a share of the limit that was set, and of none that only RDS knows", async () => {
    const share = async (limit: string) =>
      (await make({ parameters: { max_connections: limit } })).result
        .alarms()
        .find(({ name }) => name === "database-connections-share")?.math?.expression;
    assert.equal(await share("500"), "100 * m / 500");
    assert.equal(await share("LEAST({DBInstanceClassMemory/9531392},5000)"), undefined);
  });

  it("takes silence for what nobody knows: a database that is gone is not a healthy one", async () => {
    const { result } = await make();
    assert.deepEqual(new Set(result.alarms().map(({ missingData }) => missingData)), new Set(["missing"]));
  });

  it("measures memory and storage against what the database has", async () => {
    const thresholds = async (changes: Partial<DatabaseArgs>) =>
      Object.fromEntries(
        (await make(changes)).result.alarms().map(({ name, threshold }) => [name, threshold]),
      );
    const small = await thresholds({});
    const large = await thresholds({ instanceClass: "db.r6g.large", allocatedStorageGiB: 100 });
    const gibibyte = 2 ** 30;
    assert.equal(small["database-memory"], Math.round(0.4 * gibibyte));
    assert.equal(large["database-memory"], Math.round(1.6 * gibibyte));
    assert.equal(small["database-storage"], 4 * gibibyte);
    assert.equal(large["database-storage"], 8 * gibibyte);
    assert.ok("database-cpu-credits" in small && !("database-cpu-credits" in large));
  });

  it("says in each alarm what to do", async () => {
    const { result } = await make();
    for (const { name, description } of result.alarms()) {
      assert.ok(description.length > 100 && description.length < 900, `${name}: ${description.length}`);
    }
  });
});
