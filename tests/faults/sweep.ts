/** `npm run test:faults`: fails every single creation of the committed stacks once. See `--help`. */
import { join } from "node:path";
import { sandboxPaths } from "../../sandbox/cli/paths.ts";
import { type Kind, readSweepOptions, type SweepOptions } from "./options.ts";
import { forecast, type SweepRecord } from "./record.ts";
import { type Swept, sweepStack } from "./stack-sweep.ts";

const failed = 1;
const unfinished = 2;

try {
  const options = readSweepOptions(process.argv.slice(2));
  if (options !== undefined) process.exitCode = await sweepAll(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = failed;
}

async function sweepAll(options: SweepOptions): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    if (!interrupt.signal.aborted) process.stderr.write("Stopping when the update under way has stopped.\n");
    interrupt.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onInterrupt);
  const deadline = performance.now() + options.minutes * 60_000;
  let code = 0;
  for (const kind of options.kinds)
    for (const stack of options.stacks) {
      if (interrupt.signal.aborted || performance.now() > deadline) return Math.max(code, unfinished);
      const sweeping = sweepStack({
        ...{ stack, kind, pace: options.pace, isFresh: options.isFresh },
        directory: join(sandboxPaths().directory, "faults", `${stack}-${kind}`),
        interrupt: interrupt.signal,
        mayGoOn: () => performance.now() < deadline,
        say: (text, record) => process.stdout.write(`${stack}, ${kind}: ${text}; ${progressText(record)}\n`),
      });
      const swept = await sweeping.catch((error: unknown) => {
        if (interrupt.signal.aborted) return undefined;
        throw error;
      });
      if (swept === undefined) return Math.max(code, unfinished);
      process.stdout.write(`${resultText(stack, kind, swept)}\n`);
      if (swept.record.problems.length > 0) code = failed;
      else if (!swept.isFinished && code === 0) code = unfinished;
    }
  return code;
}

function progressText(record: SweepRecord): string {
  const { planned, struck, problems } = record;
  const left = forecast(record);
  return [
    `${struck.length} of ${planned.length} so far`,
    `${problems.length} problems`,
    ...(left === undefined ? [] : [`${timeText(record.milliseconds)} gone, about ${timeText(left)} to go`]),
  ].join(", ");
}

function resultText(stack: string, kind: Kind, { record, isFinished, spared }: Swept): string {
  const { planned, struck, updates, milliseconds, problems } = record;
  const count = `${struck.length} of ${planned.length} creations failed once in ${updates} updates, ${timeText(milliseconds)}`;
  const state = isFinished
    ? "all is made good"
    : "not at the end: the same command goes on from here, --fresh begins anew";
  return [
    `${stack}, ${kind}: ${count}; ${problems.length === 0 ? state : `${problems.length} problems`}.`,
    ...(spared.length > 0 ? [`  never failed: ${spared.join(", ")}`] : []),
    ...problems.map((problem) => `  ${problem.replaceAll("\n", "\n    ")}`),
  ].join("\n");
}

function timeText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
