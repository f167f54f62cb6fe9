import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";
import { parseOptions } from "../sandbox/engine/language-host/options.ts";
import { standIns } from "../stacks/config/keys.ts";
import type { Benchmark } from "./benchmark.ts";
import { writeImportFloors } from "./imports.ts";
import type { Command } from "./measure.ts";
import { checkout } from "./places.ts";

const stack = "production";

/**
 * Evaluating production, the engine aside: under the SDK's mocks, which answer within the process, and as the language
 * host runs it, in front of a monitor that answers each registration at once. Beside them, programs that import the same
 * packages and do nothing.
 */
export async function evaluation(environment: Readonly<Record<string, string>>): Promise<Benchmark> {
  const floors = await writeImportFloors();
  const monitor = await startMonitor();
  const shared = { cwd: checkout, environment: { ...environment, ...(await configuration()) } };
  const plain = (file: string): Command => ({ words: ["node", file], ...shared });
  const runner = await runnerWords(monitor.address);
  const inRunner = (program: string): Command => ({ words: ["node", ...runner, program], ...shared });
  const [packages, modules, packagesInRunner, modulesInRunner, mocked, whole] = [
    "import of its packages",
    "import of the modules it uses",
    "import of its packages in Pulumi's runner",
    "import of the modules it uses in the runner",
    "evaluation under mocks",
    "evaluation and registration",
  ];
  return {
    title: "Evaluation of production",
    cases: [
      { name: packages, command: plain(floors.packages) },
      { name: modules, command: plain(floors.modules) },
      { name: packagesInRunner, command: inRunner(floors.packages) },
      { name: modulesInRunner, command: inRunner(floors.modules) },
      { name: mocked, command: plain(join(import.meta.dirname, "mocked.ts")) },
      { name: whole, command: inRunner(".") },
    ],
    comparisons: [
      { of: mocked, over: packages, target: 1.6 },
      { of: mocked, over: modules },
      // The runner's own start is on both sides, as nothing of it is on either side above.
      { of: whole, over: packagesInRunner, target: 1.6 },
      { of: whole, over: packages },
      { of: whole, over: modulesInRunner },
    ],
    explained: [],
    stop: monitor.stop,
  };
}

/** What the language host calls Node with, the program aside. */
async function runnerWords(address: string): Promise<string[]> {
  const project = parse(await readFile(join(checkout, "Pulumi.yaml"), "utf8")) as {
    runtime: { options?: Record<string, unknown> };
  };
  return [
    ...parseOptions(project.runtime.options ?? {}).nodeargs,
    createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run"),
    `--monitor=${address}`,
    `--engine=${address}`,
    "--organization=organization",
    "--project=macro-ai",
    `--root-directory=${checkout}`,
    `--stack=${stack}`,
    `--pwd=${checkout}`,
    "--parallel=16",
    "--dry-run",
  ];
}

/** The committed configuration, and stand-ins for the rest, as the language host hands them over. */
async function configuration(): Promise<Record<string, string>> {
  const file = parse(await readFile(join(checkout, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const others = standIns();
  const values = { ...Object.fromEntries(others.map(({ key, value }) => [key, value])), ...file.config };
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(texts)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(others.flatMap(({ key, secret }) => (secret ? [key] : []))),
  };
}

async function startMonitor(): Promise<{ address: string; stop: () => void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "monitor.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The monitor ended with ${code ?? "a signal"}.`)));
  });
  return { address, stop: () => child.kill() };
}
