import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { RDSClient } from "@aws-sdk/client-rds";
import { drillTypes } from "../../bootstrap/permissions/drill.ts";
import type { Entry, Journal } from "../../operations/lib/journal.ts";
import { pulumi } from "../../operations/lib/pulumi.ts";
import { drill } from "../../operations/restore/drill.ts";
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
    const deletionProtection = new pulumi.Config("macro-ai").get("deletionProtection") !== "false";
    import { Database } from ${JSON.stringify(join(checkout, "components/database.ts"))};
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const subnets = ["a", "b"].map((zone, index) => new aws.ec2.Subnet(zone, {
      vpcId: vpc.id, cidrBlock: \`10.0.\${index}.0/24\`, availabilityZone: \`us-east-1\${zone}\` }));
    const key = new aws.kms.Key("key", {});
    const database = new Database("database", {
      vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), databaseName: "macro_ai", engineVersion: "15",
      instanceClass: "db.t4g.medium", allocatedStorageGiB: 50, maxAllocatedStorageGiB: 200, multiAz: true,
      backupRetentionDays: 30, deletionProtection, kmsKeyArn: key.arn, logRetentionDays: 180,
      region: "us-east-1", accountId: "123456789012", ...${JSON.stringify(restore ? { restore } : {})},
    }, { protect: deletionProtection });
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

  it("is made in a throw-away stack of what it needs, and goes again with what it leaves", async () => {
    const cli = join(project.directory, "pulumi");
    const driver = [process.execPath, join(checkout, "tests/engine/driver.ts"), project.directory, "sandbox"];
    const quiet = 'case "$1" in up | destroy) exec >/dev/null 2>&1 ;; esac';
    await writeFile(cli, `#!/bin/sh\n${quiet}\nexec ${driver.map((word) => `'${word}'`).join(" ")} "$@"\n`);
    await chmod(cli, 0o700);
    const before = project.cloud();
    const deleted: unknown[] = [];
    let made: string[] = [];
    const answers: Record<string, (input: Record<string, unknown>) => unknown> = {
      DescribeDBSnapshotsCommand: () => ({ DBSnapshots: [{ Status: "available", Engine: "postgres" }] }),
      DescribeDBInstancesCommand: () => {
        made = [...new Set(drilled().map(({ type }) => type))].sort();
        return { DBInstances: [{ DBInstanceStatus: "available" }] };
      },
    };
    const drilled = () => project.cloud().filter(({ urn }) => urn.startsWith("urn:pulumi:one-drill::"));
    const send = ({ constructor, input }: { constructor: { name: string }; input: object }) => {
      const answer = answers[constructor.name];
      if (!answer) deleted.push(...Object.values<unknown>({ ...input }));
      return Promise.resolve(answer?.(input as Record<string, unknown>) ?? {});
    };
    const said: string[] = [];
    const entries: Entry[] = [];
    const journal: Journal = {
      ...{ file: "drill.jsonl", folder: project.directory, entries: () => Promise.resolve(entries) },
      write: (entry) => Promise.resolve(void entries.push({ at: "", ...entry })),
      release: () => Promise.resolve(),
    };
    const old = instanceOf(await exported());
    await drill({
      ...{
        stack: "one",
        live: pulumi("one", cli),
        name: "one-drill",
        throwAway: pulumi("one-drill", cli),
        journal,
      },
      secretsProvider: undefined,
      rds: Object.assign(new RDSClient(), { send }),
      logs: Object.assign(new CloudWatchLogsClient(), { send }),
      point: { snapshot: "of-old" },
      patience: { signal: new AbortController().signal, intervalMs: 10, say: (text) => said.push(text) },
    });
    const inNetwork = ["aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"];
    assert.deepEqual(made, [...new Set([...drillTypes, ...inNetwork])].sort());
    const [snapshot = "", , ...logs] = deleted.map(String);
    assert.match(snapshot, /^database-\w+-final$/);
    assert.notEqual(snapshot, `${old}-final`);
    const left = project.cloud().filter(({ urn }) => !before.some((one) => one.urn === urn));
    assert.deepEqual(left.map(({ id }) => id).sort(), logs.sort(), "more is left than goes");
    assert.match(said.join("\n"), /✔ stack .*one-drill.*✔ make .*✔ verify .*✔ clear /s);
    assert.equal(await project.stateIfThere("one-drill"), undefined);
  });
});
