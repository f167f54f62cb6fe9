import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import type { Engine } from "../../../sandbox/engine/locate.ts";
import { locateEngine } from "../../../sandbox/engine/locate.ts";

const FILES = {
  "package.json": `{ "name": "tiny", "type": "module", "main": "program/index.ts" }`,
  "Pulumi.yaml": `name: tiny\nruntime: { name: nodejs, options: { typescript: false, nodeargs: "--title='a tiny program'" } }\n`,
  "program/index.ts": `
    import * as pulumi from "@pulumi/pulumi";
    import { greet } from "./greeting.ts";
    const config = new pulumi.Config();
    class Greeting extends pulumi.ComponentResource {
      constructor(name: string, args = {}) {
        super("tiny:index:Greeting", name, args);
        this.registerOutputs();
      }
    }
    console.log("said by the program");
    if (config.get("mode") === "throw") throw new Error("broken on purpose");
    if (config.get("mode") === "exit") process.exit(7);
    if (config.get("mode") === "hang") {
      console.log("process " + process.pid);
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    new Greeting("hello");
    for (let i = 1; i < (config.getNumber("greetings") ?? 1); i++) new Greeting("hello-" + i, { text: "x".repeat(300_000) });
    export const greeting: string = greet(config.require("who"));
    export const secret = config.requireSecret("secret");
    export const title: string = process.title;
    export const typescript = process.env["PULUMI_NODEJS_TYPESCRIPT"] ?? "off";
    export const organization = pulumi.getOrganization();`,
  "program/greeting.ts": `export const greet = (who: string): string => "hello " + who;`,
  "policies/package.json": `{ "name": "tiny-policies", "version": "0.0.1", "type": "module", "main": "main.js" }`,
  // The SDK's runner type-checks a main that is TypeScript, but not what a JavaScript main imports.
  "policies/main.js": `import "./index.ts";`,
  "policies/PulumiPolicy.yaml": `runtime: { name: nodejs, options: { typescript: false } }\nversion: 0.0.1\n`,
  "policies/index.ts": `
    import { PolicyPack } from "@pulumi/policy";
    import type { ResourceValidationArgs } from "@pulumi/policy";
    import * as pulumi from "@pulumi/pulumi";
    const config = new pulumi.Config("tiny");
    new PolicyPack("tiny-policies", {
      policies: [{
        name: "no-greeting", description: "No greetings.", enforcementLevel: "mandatory",
        validateResource: (args: ResourceValidationArgs, report) => {
          if (args.type === "tiny:index:Greeting") report([pulumi.getProject(), pulumi.getStack(), config.get("who")].join("/") + " greets");
        },
      }],
    });`,
  "failing/package.json": `{ "name": "failing-policies", "version": "0.0.1", "main": "main.js" }`,
  "failing/PulumiPolicy.yaml": `runtime: { name: nodejs, options: { typescript: false } }\nversion: 0.0.1\n`,
  "failing/main.js": `throw new Error("this pack cannot start");`,
  "counting/package.json": `{ "name": "counting-policies", "version": "0.0.1", "main": "main.js" }`,
  "counting/PulumiPolicy.yaml": `runtime: { name: nodejs, options: { typescript: false } }\nversion: 0.0.1\n`,
  "counting/main.js": `
    const { PolicyPack } = require("@pulumi/policy");
    let seen = 0, length = 0;
    new PolicyPack("counting-policies", {
      policies: [{
        name: "count", description: "Counts.", enforcementLevel: "advisory",
        validateResource: ({ type, props }) => {
          if (type !== "tiny:index:Greeting") return;
          seen++;
          length += props.text?.length ?? 0;
        },
      }, {
        name: "tell", description: "Tells.", enforcementLevel: "advisory",
        validateStack: ({ resources }, report) => {
          const here = resources.filter(({ type }) => type === "tiny:index:Greeting").length;
          report("process " + process.pid + " saw " + seen + " and " + here + " greetings, " + length + " characters");
        },
      }],
    });`,
};

describe("the language host of a self-built engine", function () {
  this.timeout(60_000);
  let root: string;
  let engine: Engine;

  before(async function () {
    this.timeout(60 * 60_000); // where no engine is at hand, it is built first
    engine = await locateEngine();
    root = await mkdtemp(join(tmpdir(), "language-host-"));
    for (const [name, text] of Object.entries(FILES)) {
      await mkdir(join(root, dirname(name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
    await mkdir(join(root, "state"));
    await symlink(resolve(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
    await pulumi("stack", "init", "a");
    await pulumi("config", "set", "who", "world");
    await pulumi("config", "set", "--secret", "secret", "sesame");
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("runs a program, with its configuration, secrets and the options of Pulumi.yaml", async () => {
    const { code, output } = await pulumi("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    assert.match(output, /said by the program/);
    const outputs = JSON.parse((await pulumi("stack", "output", "--json")).output) as unknown;
    assert.deepEqual(outputs, {
      greeting: "hello world",
      organization: "organization",
      secret: "[secret]",
      title: "a tiny program",
      typescript: "off",
    });
  });

  it("runs a policy pack that knows the stack, and stops what the pack forbids", async () => {
    const { code, output } = await pulumi("preview", "--policy-pack", "policies");
    assert.notEqual(code, 0, output);
    assert.match(output, /no-greeting[^]*tiny\/a\/world greets/);
  });

  it("leads all of the engine's calls to the pack, large ones too, and ends the pack", async () => {
    const { code, output } = await pulumi(
      ...["preview", "--policy-pack", "counting", "--config", "tiny:greetings=40"],
    );
    assert.equal(code, 0, output);
    const [, pack = ""] = /process (\d+) saw 40 and 40 greetings, 11700000 characters/.exec(output) ?? [];
    assert.notEqual(pack, "", output);
    await gone(Number(pack));
  });

  it("says why a policy pack did not start", async () => {
    const { code, output } = await pulumi("preview", "--policy-pack", "failing");
    assert.notEqual(code, 0, output);
    assert.match(output, /this pack cannot start/);
    assert.match(output, /the policy pack ended before it answered \(exit code \d+\); its output says why/);
  });

  it("reports a program's error once, in the program's words", async () => {
    const { code, output } = await pulumi("preview", "--config", "tiny:mode=throw");
    assert.notEqual(code, 0);
    assert.equal(output.match(/Error: broken on purpose/g)?.length, 1, output);
    assert.doesNotMatch(output, /non-zero exit code/);
  });

  it("reports a program that ends without a word", async () => {
    const { code, output } = await pulumi("preview", "--config", "tiny:mode=exit");
    assert.notEqual(code, 0);
    assert.match(output, /Program exited with non-zero exit code: 7/);
  });

  it("says that the SDK is not installed, and what to run", async () => {
    await rm(join(root, "node_modules"));
    try {
      const { code, output } = await pulumi("preview");
      assert.notEqual(code, 0);
      assert.match(output, /Pulumi SDK has not been installed/);
    } finally {
      await symlink(resolve(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
    }
  });

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`leaves no process behind when the engine gets ${signal}`, async () => {
      const child = start("preview", "--config", "tiny:mode=hang");
      const program = await new Promise<number>((found) => {
        child.stdout?.on("data", (data: Buffer) => {
          const pid = /process (\d+)/.exec(data.toString())?.[1];
          if (pid) found(Number(pid));
        });
      });
      child.kill(signal);
      await new Promise((ended) => child.once("exit", ended));
      await gone(program);
    });
  }

  function start(...args: string[]): ChildProcess {
    return spawn(engine.pulumi, [...args, "--non-interactive", "--color=never"], {
      cwd: root,
      env: {
        ...process.env,
        ...engine.environment,
        PULUMI_HOME: join(root, "home"),
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "for the test",
      },
    });
  }

  async function pulumi(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = start(...args);
    let output = "";
    child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
    const code = await new Promise<number | null>((ended) => child.once("close", ended));
    return { code, output };
  }
});

/** Waits until a process has ended; one that only waits to be reaped by its parent has ended too. */
async function gone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0);
      const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      if (/^\d+ \(.*\) Z/.test(state)) return;
    } catch {
      return;
    }
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`process ${pid} still runs`);
}
