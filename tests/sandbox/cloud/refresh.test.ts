import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import type { Outputs } from "../../../sandbox/cloud/rule.ts";
import { startSandbox, types } from "./fixture.ts";
import type { Sandbox } from "./fixture.ts";

describe("a refresh of the stand-in cloud", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.end());

  /** Changes what AWS holds behind the engine's back. */
  async function drift(id: string, change: (state: Outputs) => void): Promise<void> {
    const document = JSON.parse(readFileSync(sandbox.file, "utf8")) as {
      resources: Record<string, { id: string; state: Outputs }>;
    };
    const entry = Object.values(document.resources).find((candidate) => candidate.id === id);
    assert.ok(entry);
    change(entry.state);
    writeFileSync(sandbox.file, JSON.stringify(document));
    await sandbox.aws.configure({ region: "us-east-1" });
  }

  it("without changes gives back exactly what is known", async () => {
    const made = await sandbox.aws.create(types.database, "db", {
      instanceClass: "x",
      password: "secret",
      skipFinalSnapshot: true,
      tags: { a: "b" },
    });
    assert.deepEqual(await sandbox.aws.read(types.database, made.id, made), made);
  });

  it("shows drift of an input, and the next update repairs it", async () => {
    const made = await sandbox.aws.create(types.database, "db", { instanceClass: "x", tags: { a: "b" } });
    await drift(made.id, (state) => {
      state["instanceClass"] = "y";
      state["tags"] = { a: "c" };
    });
    const read = await sandbox.aws.read(types.database, made.id, made);
    assert.equal(read.inputs["instanceClass"], "y");
    const diff = await sandbox.aws.diff(types.database, read.inputs, made.inputs, read.state);
    assert.deepEqual(diff.changes, { instanceClass: "UPDATE", "tags.a": "UPDATE", "tagsAll.a": "UPDATE" });
    await sandbox.aws.update(types.database, made.id, made.inputs, read.state);
    assert.deepEqual(await sandbox.aws.read(types.database, made.id, made), made);
  });

  it("shows what somebody added beside the inputs", async () => {
    const made = await sandbox.aws.create(types.vpc, "v", { cidrBlock: "10.0.0.0/16" });
    await drift(made.id, (state) => {
      state["enableDnsSupport"] = false;
      state["tags"] = { by: "hand" };
    });
    const read = await sandbox.aws.read(types.vpc, made.id, made);
    const diff = await sandbox.aws.diff(types.vpc, read.inputs, made.inputs, read.state);
    assert.deepEqual(diff.changes, { enableDnsSupport: "DELETE", tags: "DELETE", tagsAll: "DELETE" });
    const state = await sandbox.aws.update(types.vpc, made.id, made.inputs, read.state);
    assert.equal(state["enableDnsSupport"], true);
    assert.equal(state["tags"], undefined);
  });

  it("finds nothing where something was deleted", async () => {
    assert.deepEqual(await sandbox.aws.read(types.vpc, "vpc-gone"), { id: "", state: {}, inputs: {} });
  });

  it("imports by id alone: the inputs that make the resource again", async () => {
    const made = await sandbox.aws.create(types.vpc, "v", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    const read = await sandbox.aws.read(types.vpc, made.id);
    assert.deepEqual(read.inputs, made.inputs);
    const checked = await sandbox.aws.check(types.vpc, "v", read.inputs);
    assert.deepEqual(checked.problems, []);
    const diff = await sandbox.aws.diff(types.vpc, read.inputs, checked.inputs, read.state);
    assert.equal(diff.some, false);
  });
});
