/** `npm run deploy -- --stack <name>`: an update, the health of its API, and the way back where it is not well. */
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { runCommand } from "../../operations/lib/command.ts";
import { errorText } from "../../sandbox/cli/user-error.ts";
import { openCli } from "./lib/cli.ts";
import { deploy, reportOf } from "./lib/deploy.ts";
import { summarize } from "./lib/github.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand, isStackName } from "./lib/options.ts";
import { reviewedPlan } from "./lib/plan.ts";

const name = "npm run deploy --";

interface Given {
  stack?: string;
  plan?: string;
  digest?: string;
  apiUrl?: string;
  minutes: string;
  rollback: boolean;
  refresh?: true;
  report?: string;
  project?: string;
  sandbox?: true;
}

await runCommand(async (signal) => {
  const given = read();
  if (given === undefined) return;
  const { stack = "", plan, digest, apiUrl, report, project } = given;
  const cli = await openCli({
    place: given.sandbox ? "sandbox" : "aws",
    stack,
    command: `${name} --stack ${stack}`,
    ...(project !== undefined && { project }),
  });
  try {
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const result = await deploy({
      cli,
      ...(plan !== undefined && { plan: await reviewedPlan(plan, cli, digest) }),
      ...(apiUrl !== undefined && { apiUrl }),
      limitMs: Number(given.minutes) * 60_000,
      patience: { signal, intervalMs: Math.min(5000, Number(given.minutes) * 6000), say },
      rollback: given.rollback,
      refresh: given.refresh ?? false,
      say,
    });
    const text = reportOf(stack, result);
    await summarize(text, process.env);
    if (report !== undefined) await writeFile(report, text);
    if (result.outcome !== "healthy") process.exitCode = 1;
  } finally {
    await cli.close();
  }
});

function read(): Given | undefined {
  try {
    const given = parseArguments(
      new Command(name)
        .description(
          "Updates a stack with the policy pack, asks /api/health until its API is well, and goes back to the commit that was deployed " +
            "before if it does not become well. Fails unless the new version runs and is well. docs/delivery.md",
        )
        .option("--stack <name>", "the stack")
        .option("--plan <folder>", "apply this plan of `npm run plan` and nothing beyond it")
        .option("--digest <sha256>", "the reviewed plan's digest, as `npm run plan` printed it")
        .option("--api-url <url>", "where the API answers (default: the stack's output apiUrl)")
        .option("--minutes <number>", "how long the API has to become well", "10")
        .option("--no-rollback", "leave the stack as it is when its API is not well")
        .option(
          "--refresh",
          "look at AWS first: undoes what was changed there by hand, which no plan knows of",
        )
        .option("--report <file>", "write what happened to this file, too, in Markdown")
        .option("--project <folder>", "the folder of Pulumi.yaml (default: this checkout)")
        .option("--sandbox", "in the stand-in for AWS; give an --api-url that answers"),
      process.argv.slice(2),
    ) as Given | undefined;
    if (given === undefined) return undefined;
    demand(name, [
      [isStackName(given.stack), `--stack is "${given.stack ?? ""}"; give a stack: staging or production`],
      [
        Number(given.minutes) > 0 && Number(given.minutes) <= 60,
        `--minutes is "${given.minutes}"; give more than 0 and at most 60`,
      ],
      [
        given.digest === undefined || /^[0-9a-f]{64}$/.test(given.digest),
        `--digest is "${given.digest ?? ""}"; give 64 hexadecimal digits`,
      ],
      [
        given.sandbox === undefined || given.apiUrl !== undefined,
        "--sandbox needs --api-url: in the stand-in for AWS nothing answers at the stack's own address",
      ],
      [given.refresh === undefined || given.plan === undefined, "--refresh and --plan exclude each other"],
      [given.digest === undefined || given.plan !== undefined, "--digest needs --plan"],
      [
        given.apiUrl === undefined || URL.canParse(given.apiUrl),
        `--api-url is "${given.apiUrl ?? ""}"; give a URL`,
      ],
    ]);
    return given;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}
