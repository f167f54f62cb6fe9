import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../policies/core/snapshot.ts";
import { recordedUpdate } from "../scripts/previewed.ts";
import type { Benchmark } from "./benchmark.ts";
import { awsguardEnvironment, installAwsguard } from "./install-awsguard.ts";
import { places } from "./places.ts";
import type { Detected, Fate } from "./policy-detect.ts";
import { table } from "./report.ts";

const stacks = ["staging", "production"];

const sets = {
  worse: "made worse: what matters by its name removed, inverted, widened, downgraded, split, leaked",
  changed: "merely changed: each property that is set removed, each switch turned (much of it does no harm)",
} as const;

/** What our pack and awsguard refuse of the same mutants of both stacks, as an update shows them: all of it known. */
export async function detection(
  _environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  installAwsguard(onStep);
  const remove = (): void => {
    rmSync(places.detection, { recursive: true, force: true });
  };
  const texts: string[] = [];
  remove();
  try {
    for (const stack of stacks) {
      onStep(`making ${stack} in a sandbox of its own, and recording what its update shows a pack`);
      const snapshot = await recordedUpdate(stack, { sandbox: places.detection });
      onStep(`both packs judge the mutants of ${stack}`);
      texts.push(detectionText(stack, detect("macro-ai", snapshot), detect("awsguard", snapshot)));
    }
  } finally {
    remove();
  }
  return {
    title: ["Detection: mutants refused, of all", ...texts].join("\n\n"),
    cases: [],
    comparisons: [],
    explained: [],
    stop: () => undefined,
  };
}

function detect(pack: string, snapshot: Snapshot): Detected {
  const printed = execFileSync(process.execPath, [join(import.meta.dirname, "policy-detect.ts"), pack], {
    encoding: "utf8",
    input: JSON.stringify(snapshot),
    maxBuffer: 64 * 1024 ** 2,
    env: { ...process.env, ...awsguardEnvironment },
  });
  return JSON.parse(printed) as Detected;
}

/** What each pack refuses of one stack's mutants; what survives ours; and what awsguard refuses and ours does not. */
export function detectionText(stack: string, ours: Detected, theirs: Detected): string {
  const names = ["worse", "changed"] as const;
  const known = new Set(theirs.types);
  const share = (fates: readonly Fate[]): string => {
    const refused = fates.filter(({ refused }) => refused).length;
    const percent = fates.length === 0 ? "" : ` (${((100 * refused) / fates.length).toFixed(1)} %)`;
    return `${refused} / ${fates.length}${percent}`;
  };
  const row = (name: string, { rules, fates, alarms }: Detected): string[] => [
    `${name}, ${rules} rules`,
    ...names.flatMap((set) => [share(fates[set]), share(fates[set].filter(({ type }) => known.has(type)))]),
    String(alarms.length),
  ];
  const survivors = ours.fates.worse.filter(({ refused }) => !refused);
  const missed = names.flatMap((set) =>
    theirs.fates[set].filter(({ refused }, index) => refused && ours.fates[set][index]?.refused !== true),
  );
  const list = (title: string, lines: readonly string[]): string[] => [
    `  ${title}: ${lines.length}`,
    ...lines.map((line) => `    ${line}`),
  ];
  const shown = (fates: readonly Fate[]): string[] => fates.map((fate) => fate.shown);
  return [
    `${stack}:`,
    table([
      ["", "worse", "of awsguard's types", "changed", "of awsguard's types", "false alarms"],
      row("ours", ours),
      row("awsguard", theirs),
    ]),
    ...Object.entries(sets).map(([name, text]) => `  ${name} = ${text}`),
    ...list("made worse and not refused by ours", shown(survivors)),
    ...list("refused by awsguard and not by ours", shown(missed)),
    ...list("false alarms of ours", ours.alarms),
    ...list("false alarms of awsguard", theirs.alarms),
  ].join("\n");
}
