import assert from "node:assert/strict";
import { join } from "node:path";
import type { StoredEntry } from "../../sandbox/cloud/store.ts";
import { checkout, outcome, printed, Project, refused, succeeded } from "./harness.ts";

const INSTANCE = "aws:rds/instance:Instance";
const GROUP = "aws:rds/parameterGroup:ParameterGroup";

/** A network, a key and the databases asked for: name and arguments beside the usual ones. */
function program(databases: Readonly<Record<string, object>>): string {
  return `
    import { Database } from ${JSON.stringify(join(checkout, "components/database.ts"))};
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const subnets = ["a", "b"].map((zone, index) => new aws.ec2.Subnet(zone, {
      vpcId: vpc.id, cidrBlock: \`10.0.\${index}.0/24\`, availabilityZone: \`us-east-1\${zone}\` }));
    const key = new aws.kms.Key("key", {});
    const databases: Record<string, any> = ${JSON.stringify(databases)};
    for (const [name, args] of Object.entries(databases)) new Database(name, {
      vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), databaseName: "macro_ai", engineVersion: "15",
      instanceClass: "db.t4g.medium", allocatedStorageGiB: 50, maxAllocatedStorageGiB: 200, multiAz: true,
      backupRetentionDays: 30, deletionProtection: args.deletionProtection ?? true, kmsKeyArn: key.arn,
      logRetentionDays: 180, region: "us-east-1", accountId: "123456789012", ...args,
    }, { protect: args.deletionProtection ?? true });`;
}

describe("a database on the engine", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small(program({ first: {} }), "ungated");
    succeeded(await project.start());
  });
  after(() => project.remove());

  const sandbox = (...args: string[]) => project.sandbox(...args, "--non-interactive", "--stack", "one");
  const database = (name: string): StoredEntry => {
    const found = project.cloud().filter(({ type, urn }) => type === INSTANCE && urn.endsWith(`::${name}`));
    assert.equal(found.length, 1);
    return found[0] ?? assert.fail();
  };
  const nameOf = (name: string) => String(database(name).state["identifier"]);

  describe("where it is restored by configuration", () => {
    it("is left alone when it lives already, whatever it is told to be made of", async () => {
      const before = project.cloud();
      for (const restore of [
        { snapshotIdentifier: "never-taken" },
        { sourceIdentifier: "database-0a0b0c0d", time: "2026-11-23T08:00:00Z" },
      ]) {
        await project.program(program({ first: { restore } }));
        assert.match(outcome(succeeded(await project.start()), "one"), /^nothing changed/);
      }
      assert.deepEqual(project.cloud(), before);
    });

    it("is made of a live one's backups, and then stays as it is", async () => {
      const second = { restore: { sourceIdentifier: nameOf("first") } };
      await project.program(program({ first: {}, second }));
      succeeded(await project.start());
      assert.deepEqual(database("second").inputs["restoreToPointInTime"], {
        sourceDbInstanceIdentifier: nameOf("first"),
        useLatestRestorableTime: true,
      });
      assert.equal(database("second").state["kmsKeyId"], database("first").state["kmsKeyId"]);
      assert.match(outcome(succeeded(await project.start("--preview")), "one"), /^nothing changed/);
      succeeded(await sandbox("refresh", "--preview-only", "--expect-no-changes"));
      const made = database("second").id;
      await project.program(program({ first: {}, second: {} }));
      assert.match(outcome(succeeded(await project.start()), "one"), /^nothing changed/);
      assert.equal(database("second").id, made);
    });

    it("is not made at all of a snapshot that nobody took", async () => {
      await project.program(
        program({
          first: {},
          second: {},
          third: { deletionProtection: false, restore: { snapshotIdentifier: "never-taken" } },
        }),
      );
      assert.match(
        printed(refused(await project.start())),
        /DBSnapshotNotFound: DBSnapshot not found: never-taken/,
      );
      await project.program(program({ first: {}, second: {} }));
      succeeded(await project.start());
    });
  });

  describe("put in the live one's place, as docs/runbooks/database.md says", () => {
    it("is refused as long as it is protected", async () => {
      const before = database("first");
      const urns = ["first", "first-name"].flatMap((name) => ["--replace", urnOf(name)]);
      const ended = refused(await sandbox("up", "--yes", "--skip-preview", ...urns));
      assert.match(printed(ended), /marked for protection/);
      assert.deepEqual(database("first"), before);
    });

    it("is made of the old one's backups, which then goes and leaves its snapshot", async () => {
      const old = database("first");
      const oldName = nameOf("first");
      const lifted = { deletionProtection: false, restore: { sourceIdentifier: oldName } };
      await project.program(program({ first: lifted, second: {} }));
      succeeded(await project.start());
      assert.equal(database("first").id, old.id, "lifting the protection replaces nothing");
      const urns = ["first", "first-name"].flatMap((name) => ["--replace", urnOf(name)]);
      succeeded(await sandbox("up", "--yes", "--skip-preview", ...urns));
      const now = database("first");
      assert.notEqual(now.id, old.id);
      assert.notEqual(nameOf("first"), oldName);
      assert.equal(
        (now.state["restoreToPointInTime"] as Record<string, unknown>)["sourceDbInstanceIdentifier"],
        oldName,
        "an empty database in a live one's place",
      );
      await project.program(program({ first: {}, second: {} }));
      succeeded(await project.start());
      assert.equal(database("first").id, now.id);
      const third = { restore: { snapshotIdentifier: `${oldName}-final` } };
      await project.program(program({ first: {}, second: {}, third }));
      succeeded(await project.start());
      assert.equal(database("third").state["snapshotIdentifier"], `${oldName}-final`);
    });

    function urnOf(name: string): string {
      const type = name.endsWith("-name") ? "random:index/randomId:RandomId" : INSTANCE;
      return `urn:pulumi:one::small::macro-ai:components:Database$${type}::${name}`;
    }
  });

  describe("with a new major version", () => {
    const groups = () => project.cloud().filter(({ type, urn }) => type === GROUP && urn.endsWith("::first"));
    const upgrade = (args: object) =>
      program({ first: { engineVersion: "16", ...args }, second: {}, third: {} });

    it("is refused while changes wait for the window, and stays as it is", async () => {
      const { id } = database("first");
      await project.program(upgrade({}));
      assert.match(printed(refused(await project.start())), /AllowMajorVersionUpgrade flag must be present/);
      assert.equal(database("first").id, id);
      assert.equal(database("first").state["engineVersionActual"], "15.14");
    });

    it("switches to a group of the new family, and the old group goes last", async () => {
      const { id } = database("first");
      await project.program(upgrade({ changes: "now" }));
      succeeded(await project.start());
      const { id: still, state } = database("first");
      assert.equal(still, id, "the data stays where it is");
      assert.equal(state["engineVersionActual"], "16.10");
      assert.deepEqual(
        groups().map((group) => [group.id, group.inputs["family"]]),
        [[state["parameterGroupName"], "postgres16"]],
      );
      await project.program(upgrade({}));
      succeeded(await project.start());
      // The logs of the databases that went stay on purpose.
      const left = (await project.differences("one")).filter((text) => !/:LogGroup::/.test(text));
      assert.deepEqual(left, []);
    });
  });
});
