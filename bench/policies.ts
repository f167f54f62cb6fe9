import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Benchmark } from "./benchmark.ts";
import { checkout } from "./places.ts";

const bare = "import of @pulumi/policy";
const start = "the pack: import and rules";

/** Milliseconds of CPU a resource that the pack may take. */
const TARGET = 1.5;

/** The pack's start over the bare import of its SDK, and what it takes a resource. */
export function policies(
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  onStep("judging 2,000 generated resources");
  const judged = execFileSync(process.execPath, [join(import.meta.dirname, "policy-judge.ts")], {
    encoding: "utf8",
  });
  const lines = judged
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([count = "", milliseconds = ""]) => `${count} resources ${milliseconds} ms of CPU each`);
  const command = (...words: string[]): Benchmark["cases"][number]["command"] => ({
    words: [process.execPath, ...words],
    cwd: checkout,
    environment,
  });
  return Promise.resolve({
    title: `Policies: ${lines.join(", ")} (target ${TARGET})`,
    cases: [
      {
        name: bare,
        command: command("--input-type=module", "--eval", 'import "@pulumi/policy";'),
      },
      { name: start, command: command(join(import.meta.dirname, "policy-start.ts")) },
    ],
    comparisons: [{ of: start, over: bare, target: 1.3 }],
    explained: [],
    stop: () => undefined,
  });
}
