import { Command, InvalidArgumentError, Option } from "commander";
import { availableParallelism, loadavg } from "node:os";
import { main } from "../sandbox/cli/main.ts";
import { UserError } from "../sandbox/cli/user-error.ts";
import { locateEngine } from "../sandbox/engine/locate.ts";
import { progressTo } from "../sandbox/engine/progress.ts";
import { type Benchmark, run } from "./benchmark.ts";
import { detection } from "./detection.ts";
import { evaluation } from "./evaluation.ts";
import { policies } from "./policies.ts";
import { preview, warmStart } from "./preview.ts";
import { reportText } from "./report.ts";
import { rotation } from "./rotation.ts";
import { runtime } from "./runtime.ts";

type Prepare = (
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
) => Promise<Benchmark>;

const benchmarks: Readonly<Record<string, Prepare>> = {
  evaluation,
  preview,
  start: warmStart,
  policies,
  detection,
  rotation,
  runtime,
};

interface Options {
  readonly rounds: number;
  readonly only: readonly string[];
}

function readOptions(args: readonly string[]): Options {
  const command = new Command("npm run bench --")
    .description(
      "Measures how fast the program, its previews and npm start are: side by side, in turn, as ratios. CPU seconds " +
        "count what every process of a command used, and bear a busy machine better than wall time. And what of the " +
        "same mutants our policies and another pack refuse (detection).",
    )
    .option(
      "--rounds <number>",
      "how often everything is measured, after one round to warm up",
      wholeNumber,
      5,
    )
    .addOption(
      new Option("--only <name...>", "only these")
        .choices(Object.keys(benchmarks))
        .default(Object.keys(benchmarks)),
    )
    .helpOption("--help", "show this")
    .showHelpAfterError("See: npm run bench -- --help")
    .allowExcessArguments(false);
  return command.parse(args, { from: "user" }).opts<Options>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It must be a whole number from 1.");
  return number;
}

await main(async () => {
  const { rounds, only } = readOptions(process.argv.slice(2));
  if (process.platform !== "linux") throw new UserError("npm run bench reads /proc, which only Linux has.");
  const { environment, version } = await locateEngine({ onProgress: progressTo(process.stderr) });
  const onStep = (step: string) => process.stderr.write(`${step}\n`);
  process.stdout.write(
    `Pulumi ${version}, Node ${process.version}, ${availableParallelism()} cores, ${rounds} rounds: median (least-most).\n` +
      `Load before: ${loadavg()[0]?.toFixed(1) ?? ""} processes that want to run.\n`,
  );
  for (const name of only) {
    const benchmark = await benchmarks[name]?.(environment, onStep);
    if (benchmark === undefined) continue;
    const measurements = await run(benchmark, rounds, onStep);
    process.stdout.write(`\n${reportText(benchmark, measurements)}\n`);
  }
  return 0;
});
