import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { engineDirectory } from "../../../sandbox/engine/cache.ts";
import { locateEngine } from "../../../sandbox/engine/locate.ts";
import type { Progress } from "../../../sandbox/engine/progress.ts";
import { pinnedVersion } from "../../../sandbox/engine/version.ts";
import { fakeGo, makeMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";

describe("the engine built from its Go modules", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await makeMachine();
  });
  afterEach(() => machine.remove());

  const builds = async (): Promise<number> => (await machine.log()).filter((line) => line === "build").length;
  const pulumi = (): string => join(engineDirectory(machine.env), "pulumi");

  it("is built once and then found, with the language host beside it", async () => {
    await machine.install("go", fakeGo());
    const tasks: Progress[] = [];
    const first = await locateEngine({ ...machine.options, onProgress: (progress) => tasks.push(progress) });
    const second = await locateEngine(machine.options);
    assert.deepEqual(first, second);
    assert.deepEqual([first.pulumi, first.version, first.source], [pulumi(), pinnedVersion(), "built"]);
    assert.equal(await builds(), 1);
    assert.ok((await stat(join(engineDirectory(machine.env), "pulumi-language-nodejs"))).mode & 0o100);
    assert.deepEqual(
      tasks.map(({ task, done, total }) => [task, done, total]),
      [
        [`fetching the Go modules of Pulumi ${pinnedVersion()}`, 1, 0],
        [`compiling Pulumi ${pinnedVersion()}`, 0, 2],
        [`compiling Pulumi ${pinnedVersion()}`, 1, 2],
        [`compiling Pulumi ${pinnedVersion()}`, 1, 2],
        [`compiling Pulumi ${pinnedVersion()}`, 2, 2],
      ],
    );
  });

  it("is built again when its executable was cut off", async () => {
    await machine.install("go", fakeGo());
    await locateEngine(machine.options);
    await truncate(pulumi(), 5);
    const engine = await locateEngine(machine.options);
    assert.equal(engine.pulumi, pulumi());
    assert.equal(await builds(), 2);
  });

  it("is asked once when its times have changed, as in a copied cache, and kept", async () => {
    await machine.install("go", fakeGo());
    await locateEngine(machine.options);
    await writeFile(pulumi(), `#!/bin/sh\necho asked >> "$LOG"; echo v${pinnedVersion()}\n`);
    for (let time = 0; time < 2; time++) assert.equal((await locateEngine(machine.options)).source, "built");
    assert.deepEqual(await machine.log(), ["build", "asked"]);
  });

  it("is refused when it reports another version than the pinned one", async () => {
    await machine.install("go", fakeGo({ duringBuild: "version=v3.1.2" }));
    await assert.rejects(locateEngine(machine.options), /the built engine says it is 3\.1\.2, not/);
    assert.deepEqual(await machine.cached(), []);
  });

  it("leaves nothing when the compilation fails, and says what go said", async () => {
    await machine.install("go", fakeGo({ duringBuild: "echo 'cannot compile' >&2; exit 1" }));
    await assert.rejects(locateEngine(machine.options), /failed with exit code 1:[^]*cannot compile/);
    assert.deepEqual(await machine.cached(), []);
  });

  it("is built by one of two processes that want it at once; the other waits and takes it", async () => {
    await machine.install("go", fakeGo({ duringBuild: "sleep 1" }));
    const results = await Promise.all([locateInProcess(machine), locateInProcess(machine)].map(ended));
    assert.deepEqual(
      results.map(({ code, output }) => [code, output.includes(pulumi())]),
      [
        [0, true],
        [0, true],
      ],
      JSON.stringify(results),
    );
    assert.equal(await builds(), 1);
    assert.equal(results.filter(({ output }) => output.includes("waiting for another process")).length, 1);
  });

  it("interrupted in the middle, ends go and leaves nothing behind", async () => {
    await machine.install("go", fakeGo({ duringBuild: 'echo $$ >> "$LOG"; sleep 600' }));
    const child = locateInProcess(machine);
    const result = ended(child);
    const goProcess = await lineAfter("build");
    child.kill("SIGINT");
    const { code, output } = await result;
    assert.equal(code, 1);
    assert.match(output, /interrupted by SIGINT/);
    assert.deepEqual(await machine.cached(), []);
    assert.throws(() => process.kill(Number(goProcess), 0), { code: "ESRCH" });
  });

  it("clears away what a killed build left, its stale lock included", async () => {
    await machine.install("go", fakeGo());
    const directory = engineDirectory(machine.env);
    const name = directory.slice(directory.lastIndexOf("/") + 1);
    const partial = join(directory, "..", `.${name}-partial-abc123`);
    await mkdir(join(partial, "tmp"), { recursive: true });
    await writeFile(join(partial, "tmp", "object"), "half");
    await mkdir(`${directory}.lock`);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${directory}.lock`, longAgo, longAgo);
    await locateEngine(machine.options);
    assert.deepEqual(await machine.cached(), [name]);
  });

  async function lineAfter(line: string): Promise<string> {
    for (;;) {
      const log = await machine.log();
      const next = log[log.indexOf(line) + 1];
      if (log.includes(line) && next) return next;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

const LOCATE = new URL("../../../sandbox/engine/locate.ts", import.meta.url).href;

function locateInProcess(machine: Machine): ChildProcess {
  const script = `
    const { locateEngine } = await import(${JSON.stringify(LOCATE)});
    const options = { downloadServer: "http://127.0.0.1:1/", onProgress: ({ task }) => console.log(task) };
    await locateEngine(options).then((engine) => console.log(engine.pulumi), (error) => {
      console.log(error.message);
      process.exitCode = 1;
    });`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], { env: machine.env });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
