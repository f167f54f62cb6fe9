import assert from "node:assert/strict";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepNoEngineLogs } from "../../../sandbox/cli/engine-logs.ts";

describe("sandbox/cli/engine-logs", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "macro-ai-logs-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("puts a file that says why in the place of the engine's folder of logs", async () => {
    await keepNoEngineLogs(home);
    assert.match(await readFile(join(home, "logs"), "utf8"), /keeps no logs of the engine.*--logtostderr/);
  });

  it("drops the logs of earlier runs, and does nothing the second time", async () => {
    await mkdir(join(home, "logs"));
    await writeFile(join(home, "logs", "old.log"), "x");
    await keepNoEngineLogs(home);
    await writeFile(join(home, "logs"), "somebody's own");
    await keepNoEngineLogs(home);
    assert.equal(await readFile(join(home, "logs"), "utf8"), "somebody's own");
  });
});
