import type { Benchmark, Measurements } from "./benchmark.ts";
import type { Measurement } from "./measure.ts";
import { ratioOf, spreadOf, spreadText } from "./statistics.ts";

/** Roles in a deployment, by a part of the command line; the first that fits. */
const roles: readonly (readonly [pattern: RegExp, role: string])[] = [
  [/run-policy-pack/, "policy pack"],
  [/@pulumi\/pulumi\/cmd\/run/, "program: import, evaluation, registration"],
  [/language-host|pulumi-language-nodejs/, "language host"],
  [/bench\/pulumi\.ts|sandbox\/cli\/run[-.]/, "sandbox: stand-in cloud and its command"],
  [/(?:^|\/)pulumi(?: |$)/, "Pulumi's engine and CLI"],
  [/(?:^|\/)npm(?: |$|-cli)/, "npm"],
];

/** What a process does, by its command line. */
export function roleOf(command: string): string {
  return roles.find(([pattern]) => pattern.test(command))?.[1] ?? "other";
}

/** The peak that a command may reach, in MiB. */
export const memoryLimitMiB = 1536;

/** A benchmark's numbers, as a person reads them. */
export function reportText(benchmark: Benchmark, measurements: Measurements): string {
  return [
    benchmark.title,
    ...caseTable(benchmark, measurements),
    ...comparisonRows(benchmark, measurements),
    ...(benchmark.figures ? [benchmark.figures(measurements)] : []),
    ...benchmark.explained.map((name) => explanation(name, measurements.get(name) ?? [])),
  ].join("\n\n");
}

function caseTable({ cases }: Benchmark, measurements: Measurements): string[] {
  if (cases.length === 0) return [];
  const rows = cases.map(({ name }) => caseRow(name, measurements.get(name) ?? []));
  return [table([["", "wall s", "CPU s", "peak MiB"], ...rows])];
}

function caseRow(name: string, runs: readonly Measurement[]): string[] {
  const peak = spreadOf(runs.map(({ peakMiB }) => peakMiB));
  return [
    name,
    spreadText(spreadOf(runs.map(({ wallSeconds }) => wallSeconds))),
    spreadText(spreadOf(runs.map(({ cpuSeconds }) => cpuSeconds))),
    `${peak.most.toFixed(0)}${peak.most > memoryLimitMiB ? `, over ${memoryLimitMiB}` : ""}`,
  ];
}

function comparisonRows({ comparisons }: Benchmark, measurements: Measurements): string[] {
  if (comparisons.length === 0) return [];
  const rows = comparisons.map(({ of, over, target }) => {
    const ratio = (kind: "wallSeconds" | "cpuSeconds") =>
      ratioOf(
        ...([of, over].map((name) => (measurements.get(name) ?? []).map((run) => run[kind])) as [
          number[],
          number[],
        ]),
      );
    const [wall, cpu] = [ratio("wallSeconds"), ratio("cpuSeconds")];
    const verdict = target === undefined ? "" : `<= ${target}: ${cpu.median <= target ? "met" : "missed"}`;
    return [`${of} / ${over}`, spreadText(wall), spreadText(cpu), verdict];
  });
  return [table([["ratio, round by round", "wall", "CPU", "target (CPU)"], ...rows])];
}

/** Where the time goes, by process: CPU seconds, and from when to when each was there. */
function explanation(name: string, runs: readonly Measurement[]): string {
  const total = spreadOf(runs.map(({ cpuSeconds }) => cpuSeconds)).median;
  const found = [
    ...new Set(runs.flatMap(({ processes }) => processes.map(({ command }) => roleOf(command)))),
  ];
  const rows = found.flatMap((role) => {
    const of = runs.map(({ processes }) => processes.filter(({ command }) => roleOf(command) === role));
    const sum = spreadOf(of.map((list) => list.reduce((cpu, { cpuSeconds }) => cpu + cpuSeconds, 0)));
    if (sum.median < 0.005) return [];
    const seen = of.filter((list) => list.length > 0);
    const from = spreadOf(seen.map((list) => Math.min(...list.map(({ firstSeen }) => firstSeen)) / 1000));
    const to = spreadOf(seen.map((list) => Math.max(...list.map(({ lastSeen }) => lastSeen)) / 1000));
    const share = `${((100 * sum.median) / total).toFixed(0)} %`;
    return [
      {
        sum: sum.median,
        row: [role, spreadText(sum), share, `${from.median.toFixed(1)}-${to.median.toFixed(1)}`],
      },
    ];
  });
  const sorted = rows.toSorted((a, b) => b.sum - a.sum).map(({ row }) => row);
  return `Where the time of "${name}" goes\n\n${table([["", "CPU s", "of all", "there from-to, s"], ...sorted])}`;
}

/** Columns under each other. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
