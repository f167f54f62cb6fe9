import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { prune } from "../../../sandbox/cli/prune.ts";

describe("pruning of Pulumi's history", () => {
  it("keeps the files of the last 20 updates of each stack", async () => {
    const directory = await mkdtemp(join(tmpdir(), "prune-"));
    const folder = join(directory, "state/.pulumi/history/small/one");
    await mkdir(folder, { recursive: true });
    for (let update = 10; update < 35; update += 1) {
      for (const kind of ["history", "checkpoint"]) {
        await writeFile(join(folder, `one-17954470666${update}000000.${kind}.json`), "{}");
      }
    }
    await prune(sandboxPaths({ directory }));
    const left = (await readdir(folder)).sort();
    assert.equal(left.length, 40);
    assert.equal(left[0], "one-1795447066615000000.checkpoint.json");
    await rm(directory, { recursive: true });
  });

  it("does nothing where nothing was deployed", async () => {
    await prune(sandboxPaths({ directory: join(tmpdir(), "no-such-sandbox") }));
  });
});
