import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  instanceOf,
  lettingGo,
  namedUrns,
  puttingBack,
  readState,
  replacedUrns,
  type State,
} from "../../operations/restore/state.ts";
import { checkout, Project, refused, succeeded } from "./harness.ts";

const INSTANCE = "aws:rds/instance:Instance";

/** A database, and something that says which one it uses. */
function program(restore?: object): string {
  return `
    import { Database } from ${JSON.stringify(join(checkout, "components/database.ts"))};
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const subnets = ["a", "b"].map((zone, index) => new aws.ec2.Subnet(zone, {
      vpcId: vpc.id, cidrBlock: \`10.0.\${index}.0/24\`, availabilityZone: \`us-east-1\${zone}\` }));
    const key = new aws.kms.Key("key", {});
    const database = new Database("database", {
      vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), databaseName: "macro_ai", engineVersion: "15",
      instanceClass: "db.t4g.medium", allocatedStorageGiB: 50, maxAllocatedStorageGiB: 200, multiAz: true,
      backupRetentionDays: 30, deletionProtection: true, kmsKeyArn: key.arn, logRetentionDays: 180,
      region: "us-east-1", accountId: "123456789012", ...${JSON.stringify(restore ? { restore } : {})},
    }, { protect: true });
    new aws.cloudwatch.LogGroup("user", { name: database.instanceId, retentionInDays: 1 });`;
}

describe("a database restored beside the live one, on the engine", function () {
  this.timeout(300_000);
  let project: Project;
  before(async () => {
    project = await Project.small(program(), "ungated");
    succeeded(await project.start());
  });
  after(() => project.remove());

  const sandbox = (...args: string[]) => project.sandbox(...args, "--non-interactive", "--stack", "one");
  const exported = async (): Promise<State> =>
    readState(JSON.parse(succeeded(await sandbox("stack", "export")).stdout));
  const up = (...args: string[]) => sandbox("up", "--yes", "--skip-preview", ...args);
  async function importState(state: State): Promise<void> {
    const file = join(project.directory, "import.json");
    await writeFile(file, JSON.stringify(state));
    succeeded(await sandbox("stack", "import", "--file", file));
  }
  const instances = (): unknown[] =>
    project
      .cloud()
      .filter(({ type }) => type === INSTANCE)
      .map(({ state }) => state["identifier"])
      .sort();
  const usedBy = (): unknown =>
    project.cloud().findLast(({ urn }) => urn.endsWith("LogGroup::user"))?.state["name"];

  it("is made only where the state lets go of the old one, which stays; nobody uses it before the next deployment", async () => {
    const before = await exported();
    const old = instanceOf(before);
    const options = [
      ...namedUrns(before).flatMap((urn) => ["--target", urn]),
      ...replacedUrns(before).flatMap((urn) => ["--replace", urn]),
    ];
    await project.program(program({ sourceIdentifier: old }));
    refused(await up(...options));
    await importState(lettingGo(await exported()));
    succeeded(await up(...options));
    const made = instanceOf(await exported());
    assert.notEqual(made, old);
    assert.deepEqual(instances(), [old, made].sort());
    assert.equal(usedBy(), old);

    succeeded(await up());
    assert.equal(usedBy(), made);
    assert.deepEqual(instances(), [old, made].sort());
    const protectedOnes = (await exported()).deployment.resources.filter((one) => one["protect"] === true);
    assert.ok(
      protectedOnes.some(({ type }) => type === INSTANCE),
      "the new one is not protected",
    );
    refused(await up(...options));

    // And back.
    await importState(puttingBack(await exported(), before));
    await project.program(program());
    succeeded(await up());
    assert.equal(usedBy(), old);
    assert.equal(instanceOf(await exported()), old);
    assert.deepEqual(instances(), [old, made].sort());
  });
});
