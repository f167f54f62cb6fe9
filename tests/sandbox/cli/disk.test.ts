import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiskGuard, requireSpace } from "../../../sandbox/cli/disk.ts";
import { InterruptListener } from "../../../sandbox/cli/signals.ts";

const megabyte = 1_000_000;

describe("disk of the sandbox", () => {
  let directory: string;
  let interrupts: InterruptListener;
  const reserve = () => join(directory, "reserve");

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "disk-test-"));
    interrupts = new InterruptListener();
  });
  afterEach(async () => {
    interrupts.dispose();
    await rm(directory, { recursive: true });
  });

  it("that is all but full is refused before anything is written", async () => {
    const required = requireSpace(join(directory, "new"), () => Promise.resolve(3.25 * megabyte));
    await assert.rejects(required, (error: Error) => {
      assert.equal(error.name, "UserError");
      assert.match(error.message, /new has 3\.3 MB left; a command needs 20 MB .* Nothing was changed\./);
      return true;
    });
    assert.equal(existsSync(join(directory, "new", "reserve")), false);
  });

  it("has room set aside, which is given back at the end", async () => {
    const guard = await DiskGuard.start(directory, interrupts, () => Promise.resolve(20 * megabyte));
    assert.equal((await stat(reserve())).size, 16 * megabyte);
    await sleep(500);
    assert.equal(interrupts.presses, 0);
    await guard.stop();
    assert.equal(existsSync(reserve()), false);
  });

  it("that runs full ends the command once, with the room that was set aside", async () => {
    let left = 20 * megabyte;
    const signals: string[] = [];
    interrupts.listen((presses, signal) => {
      assert.equal(existsSync(reserve()), false, "the reserve is free before the command is to end");
      signals.push(`${presses} ${signal}`);
    });
    const guard = await DiskGuard.start(directory, interrupts, () => Promise.resolve(left));
    left = 3 * megabyte;
    await sleep(900);
    await guard.stop();
    assert.deepEqual(signals, ["1 SIGTERM"]);
    assert.match(interrupts.reason ?? "", /is full, .* What it had done is saved: free some space/);
  });

  it("gets back what a killed command had set aside, and is not watched where it cannot be measured", async () => {
    await writeFile(reserve(), "left");
    await requireSpace(directory, () => {
      assert.equal(existsSync(reserve()), false);
      return Promise.resolve(20 * megabyte);
    });
    let looks = 0;
    const guard = await DiskGuard.start(directory, interrupts, () => {
      looks += 1;
      return Promise.reject(new Error("no such call"));
    });
    await sleep(500);
    await guard.stop();
    assert.ok(looks > 0);
    assert.equal(interrupts.presses, 0);
  });
});
