import assert from "node:assert/strict";

import { runCommand } from "../../../sandbox/engine/command.ts";
import { makeMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";

describe("runCommand", () => {
  let machine: Machine;
  before(async () => {
    machine = await makeMachine();
  });
  after(() => machine.remove());

  const run = async (script: string, limits: { timeLimitMs: number; silenceLimitMs?: number }) =>
    runCommand(await machine.install("tool", script), [], { env: machine.env, ...limits });

  it("returns what the command printed, and hands over its error lines as they come", async () => {
    const lines: string[] = [];
    const tool = await machine.install("tool", "echo out; echo one >&2; echo two >&2");
    const result = await runCommand(tool, [], {
      env: machine.env,
      timeLimitMs: 5_000,
      onErrorLine: (line) => lines.push(line),
    });
    assert.deepEqual(result, { stdout: "out\n", stderr: "one\ntwo" });
    assert.deepEqual(lines, ["one", "two"]);
  });

  it("kills what takes too long together with what that has started", async () => {
    const script = "(while :; do echo tick >> $LOG; sleep 0.05; done) & wait";
    await assert.rejects(run(script, { timeLimitMs: 300 }), /took longer than 0\.3 s/);
    const ticks = await machine.log();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(ticks.length > 0);
    assert.deepEqual(await machine.log(), ticks);
  });

  it("kills what falls silent, but not what keeps talking", async () => {
    await assert.rejects(
      run("echo a; sleep 600", { timeLimitMs: 5_000, silenceLimitMs: 300 }),
      /said nothing for 0\.3 s/,
    );
    await run("for i in 1 2 3 4 5; do echo $i; sleep 0.1; done", { timeLimitMs: 5_000, silenceLimitMs: 400 });
  });

  it("says which command is not installed", async () => {
    await assert.rejects(
      runCommand("no-such-tool", [], { env: machine.env, timeLimitMs: 1_000 }),
      /^Error: no-such-tool is not installed$/,
    );
  });
});
