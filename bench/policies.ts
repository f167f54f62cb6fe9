import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewed } from "../scripts/previewed.ts";
import type { Benchmark } from "./benchmark.ts";
import { awsguardEnvironment, installAwsguard } from "./install-awsguard.ts";
import { checkout, places } from "./places.ts";
import type { Judged } from "./policy-judge.ts";
import { ratioOf, spreadOf, spreadText } from "./statistics.ts";

const bare = "import of @pulumi/policy";
const start = "the pack: import and rules";

/** Milliseconds of CPU a resource that the pack may take. */
const target = 1.5;

/** Each pack judges the same stacks in a process of its own, in turn. */
const rounds = 3;

/** The pack's start over the bare import of its SDK, what it takes a resource, and what awsguard takes a rule. */
export async function policies(
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  installAwsguard(onStep);
  const title = await judgements(onStep);
  const command = (...words: string[]): Benchmark["cases"][number]["command"] => ({
    words: [process.execPath, ...words],
    cwd: checkout,
    environment,
  });
  return {
    title,
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
  };
}

async function judgements(onStep: (step: string) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "policy-bench-"));
  const file = join(folder, "production.json");
  try {
    onStep("recording a preview of production");
    writeFileSync(file, JSON.stringify(await previewed("production", { sandbox: places.recorded })), {
      mode: 0o600,
    });
    const ours: Judged[][] = [];
    const theirs: Judged[][] = [];
    for (let round = 1; round <= rounds; round++) {
      onStep(`round ${round} of ${rounds}: both packs judge the same stacks`);
      ours.push(judge("macro-ai", file));
      theirs.push(judge("awsguard", file));
    }
    return judgementText(ours, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(pack: string, file: string): Judged[] {
  const script = join(import.meta.dirname, "policy-judge.ts");
  const printed = execFileSync(process.execPath, [script, pack, file], {
    encoding: "utf8",
    env: { ...process.env, ...awsguardEnvironment },
  });
  return printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Judged);
}

/** What the packs took, round by round: of each stack, for each resource and for each resource and rule. */
export function judgementText(ours: readonly Judged[][], theirs: readonly Judged[][]): string {
  const stacks = (ours[0] ?? []).map(({ stack }) => stack);
  const of = (packs: readonly Judged[][], stack: string): Judged[] =>
    packs.flatMap((round) => round.filter((judged) => judged.stack === stack));
  const lines = stacks.map((stack) => {
    const [own, other] = [of(ours, stack), of(theirs, stack)];
    const milliseconds = (judged: readonly Judged[]) => judged.map((one) => one.milliseconds);
    const perRule = (judged: readonly Judged[]) => judged.map((one) => one.milliseconds / one.rules);
    const spread = spreadOf(milliseconds(own));
    const ratio = ratioOf(perRule(own), perRule(other));
    return [
      `  ${stack}, ${own[0]?.resources ?? 0} resources: ${spreadText(spread)} ms a resource with ${own[0]?.rules ?? 0} rules (<= ${target}: ${spread.median <= target ? "met" : "missed"});`,
      `    awsguard ${spreadText(spreadOf(milliseconds(other)))} ms with ${other[0]?.rules ?? 0} rules;`,
      `    a rule, ours / awsguard: ${spreadText(ratio, 3)} (< 1: ${ratio.median < 1 ? "met" : "missed"})`,
    ].join("\n");
  });
  return ["Policies: milliseconds of CPU", ...lines].join("\n");
}
