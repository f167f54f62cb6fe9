import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "../../../sandbox/cli/lock.ts";
import { type Paths, sandboxPaths } from "../../../sandbox/cli/paths.ts";

const source = join(import.meta.dirname, "../../../sandbox/cli");
const holdLock = `
  const { takeLock } = await import("${source}/lock.ts");
  const { sandboxPaths } = await import("${source}/paths.ts");
  const lock = await takeLock(sandboxPaths({ directory: process.argv[1] }), "npm start");
  await lock.note(4242);
  console.log("held");
  setInterval(() => {}, 1000);
`;

describe("lock of the sandbox", () => {
  let paths: Paths;
  beforeEach(async () => {
    paths = sandboxPaths({ directory: await mkdtemp(join(tmpdir(), "lock-")) });
  });
  afterEach(() => rm(paths.directory, { recursive: true, force: true }));

  async function holder() {
    const child = spawn(process.execPath, ["--input-type=module", "-e", holdLock, paths.directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return child;
  }

  it("tells a second command who is there", async () => {
    const child = await holder();
    try {
      await assert.rejects(takeLock(paths, "second"), {
        name: "UserError",
        message: new RegExp(`in use by "npm start" \\(process ${child.pid ?? 0}, started \\d+ s ago\\)`),
      });
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("takes over at once from a command that was killed, and says what it left", async () => {
    const child = await holder();
    child.kill("SIGKILL");
    await once(child, "close");
    const lock = await takeLock(paths, "second");
    assert.deepEqual([lock.interrupted?.command, lock.interrupted?.groups], ["npm start", [4242]]);
    await lock.release();
  });

  it("leaves nothing behind when it is released", async () => {
    await (await takeLock(paths, "first")).release();
    const lock = await takeLock(paths, "second");
    assert.equal(lock.interrupted, undefined);
    await lock.release();
  });
});
