import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { StateFiles } from "../../../sandbox/cli/state.ts";

describe("Pulumi's state files", () => {
  let directory: string;
  let state: StateFiles;
  const good = JSON.stringify({
    version: 3,
    checkpoint: { latest: { resources: [{ urn: "u", type: "t", custom: true }] } },
  });
  const write = async (file: string, text: string) => {
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "state-"));
    state = new StateFiles(sandboxPaths({ directory }), "small");
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("has none of a stack that does not exist", async () => {
    assert.equal(await state.read("one"), undefined);
    assert.deepEqual(await state.stacks(), []);
  });

  it("reads a stack's resources", async () => {
    await write(state.file("one"), good);
    assert.deepEqual(
      (await state.read("one"))?.resources.map(({ urn }) => urn),
      ["u"],
    );
    assert.deepEqual(await state.stacks(), ["one"]);
  });

  it("reads a stack that has never been deployed", async () => {
    await write(state.file("one"), JSON.stringify({ version: 3, checkpoint: { latest: null } }));
    assert.deepEqual((await state.read("one"))?.resources, []);
  });

  it("names the newest copy in order and the command that restores it, when the file is broken", async () => {
    await write(state.file("one"), good.slice(0, -20));
    await write(`${state.file("one")}.bak`, "also broken");
    const backups = join(directory, "state/.pulumi/backups/small/one");
    await write(join(backups, "one.1.json"), good);
    await assert.rejects(state.read("one"), (error: Error) => {
      assert.match(error.message, /is not Pulumi's JSON\. Nothing was changed\./);
      assert.match(error.message, /To go back to it: cp \S+one\.1\.json \S+stacks\/small\/one\.json$/);
      return true;
    });
  });

  it("keeps a copy in order, which a broken file does not replace", async () => {
    await write(state.file("one"), good);
    await state.keep("one");
    await write(state.file("one"), good.slice(0, -20));
    await write(`${state.file("one")}.bak`, good.slice(0, -20));
    await state.keep("one");
    await state.keep("two");
    const copy = join(directory, "before/one.json");
    assert.equal(await readFile(copy, "utf8"), good);
    await assert.rejects(state.read("one"), /To go back to it: cp \S+before\/one\.json \S+one\.json$/);
  });

  it("says so when there is no copy in order", async () => {
    await write(state.file("one"), "");
    await assert.rejects(state.read("one"), /There is no copy in order\. .* mv /);
  });
});
