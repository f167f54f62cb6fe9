import assert from "node:assert/strict";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

const production = (groups: Readonly<Record<string, object>>) => {
  const config: Given = given("production", "enterprise");
  for (const [group, members] of Object.entries(groups)) config[group] = JSON.stringify(members);
  return made(config, "production");
};

describe("what an enterprise stack's configuration says of network, database and cache", function () {
  this.timeout(60_000);

  it("is left to AWS unless it is said", async () => {
    const recording = await production({});
    const { inputs: network } = recording.one("awsx:ec2:Vpc");
    assert.deepEqual(
      [network["availabilityZoneNames"], network["numberOfAvailabilityZones"]],
      [undefined, 3],
    );
    assert.ok(!recording.names("SecretRotation").includes("database-master"));
    for (const type of ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"])
      assert.equal(recording.one(type).inputs["applyImmediately"], false);
  });

  it("chooses the zones by name", async () => {
    const recording = await production({ network: { zoneNames: "us-east-1a,us-east-1d" } });
    const { inputs } = recording.one("awsx:ec2:Vpc");
    assert.deepEqual(inputs["availabilityZoneNames"], ["us-east-1a", "us-east-1d"]);
    assert.equal(inputs["numberOfAvailabilityZones"], undefined);
  });

  it("upgrades the database to a new major version at once", async () => {
    const recording = await production({ database: { engineVersion: "16", changes: "now" } });
    assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, {
      engineVersion: "16",
      allowMajorVersionUpgrade: true,
      applyImmediately: true,
    });
    const group = recording.one("aws:rds/parameterGroup:ParameterGroup");
    assert.equal(group.inputs["family"], "postgres16");
    assert.equal(group.options.protect, false, "else nothing could replace it");
  });

  it("says how often the master password changes", async () => {
    const recording = await production({ database: { masterPasswordRotationDays: 30 } });
    const { inputs } = recording.one("SecretRotation", "database-master");
    assert.deepEqual(inputs["rotationRules"], { automaticallyAfterDays: 30 });
  });

  it("changes the cache at once", async () => {
    const recording = await production({ cache: { changes: "now" } });
    assert.equal(
      recording.one("aws:elasticache/replicationGroup:ReplicationGroup").inputs["applyImmediately"],
      true,
    );
  });
});
