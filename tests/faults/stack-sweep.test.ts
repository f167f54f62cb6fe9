import assert from "node:assert/strict";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Project } from "../engine/harness.ts";
import type { Kind } from "./options.ts";
import { readRecord, type SweepRecord } from "./record.ts";
import { sweepStack, type StackSweepOptions } from "./stack-sweep.ts";

/** Two levels of dependencies, and one resource whose state is the engine's alone. */
const program = `
import * as random from "@pulumi/random";
const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
new aws.ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
new aws.ec2.Subnet("b", { vpcId: vpc.id, cidrBlock: "10.0.2.0/24" });
new random.RandomPassword("password", { length: 20 });
`;
const creations = [
  "aws:ec2/subnet:Subnet@a",
  "aws:ec2/subnet:Subnet@b",
  "aws:ec2/vpc:Vpc@network",
  "random:index/randomPassword:RandomPassword@password",
];

describe("sweep over every creation of a stack", function () {
  this.timeout(120_000);
  let project: Project;
  let directory: string;
  let said: SweepRecord[];
  const sweep = (kind: Kind, options: Partial<StackSweepOptions> = {}) =>
    sweepStack({
      ...{ stack: "one", kind, pace: "waves", directory, isFresh: false },
      interrupt: new AbortController().signal,
      mayGoOn: () => true,
      say: (_, record) => said.push(record),
      makeProject: () => Promise.resolve(project),
      ...options,
    });

  beforeEach(async () => {
    project = await Project.small(program, "ungated");
    directory = await mkdtemp(join(tmpdir(), "sweep-test-"));
    said = [];
  });
  afterEach(async () => {
    await project.remove();
    await rm(directory, { recursive: true, force: true });
  });

  for (const kind of ["error-after", "die"] as const)
    it(`strikes each once and ends with the stack whole (${kind})`, async () => {
      const { record, isFinished, spared } = await sweep(kind);
      assert.deepEqual(record.problems, []);
      assert.deepEqual([...record.struck].sort(), creations);
      assert.deepEqual([isFinished, spared], [true, []]);
      assert.deepEqual(await project.differences("one"), []);
      await assert.rejects(access(directory), "the record of a finished sweep is gone");
      if (kind !== "die") assert.equal(record.updates, 2);
    });

  it("interrupted in an update stops in order, and strikes the rest later", async () => {
    const interrupt = new AbortController();
    const running = sweep("timeout", { interrupt: interrupt.signal, pace: "one by one" });
    while ((await readRecord(directory)) === undefined) await sleep(50);
    await sleep(1500);
    interrupt.abort();
    const first = await running;
    assert.deepEqual([first.isFinished, first.record.problems], [false, []]);
    assert.ok(first.record.struck.length <= 1);
    const { record, isFinished } = await sweep("timeout", { pace: "one by one" });
    assert.deepEqual([isFinished, record.problems], [true, []]);
    assert.deepEqual([...record.struck].sort(), creations);
    assert.ok(record.updates >= creations.length, "one fails in each update");
  });

  it("goes on where it stopped, and tells what is not made good", async () => {
    const first = await sweep("error", { mayGoOn: () => said.length === 0 });
    assert.deepEqual([first.isFinished, first.record.updates], [false, 1]);
    assert.deepEqual(await readRecord(directory), first.record);
    // As a fault of the stand-in cloud would leave it.
    await project.sandbox("up", "--yes", "--skip-preview", "--stack", "one");
    await project.editCloud((resources) => {
      const [subnet = ""] = Object.keys(resources).filter((name) => name.includes("Subnet"));
      Reflect.deleteProperty(resources, subnet);
    });
    const { record, isFinished, spared } = await sweep("error");
    assert.equal(isFinished, true);
    assert.match(record.problems.join("\n"), /at the end: only in the state: /);
    assert.deepEqual([...record.struck, ...spared].sort(), creations);
  });
});
