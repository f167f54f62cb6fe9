/** `npm run plan -- --stack <name>`: a preview whose plan can be reviewed and then applied. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { openCli } from "./lib/cli.ts";
import { output } from "./lib/github.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand, isStackName } from "./lib/options.ts";
import { makePlan, makeRoom } from "./lib/plan.ts";

const name = "npm run plan --";

await main(async () => {
  const given = parseArguments(
    new Command(name)
      .description(
        "Previews a stack with the policy pack and keeps the plan, for `npm run deploy -- --plan`. Prints the plan's digest. Secrets in " +
          "the plan are encrypted as in the state.",
      )
      .option("--stack <name>", "the stack")
      .option("--output <folder>", "where the plan goes", "plan")
      .option(
        "--evidence <folder>",
        "where goes what `npm run report` reads; keep it: it holds secrets",
        "evidence",
      )
      .option("--project <folder>", "the folder of Pulumi.yaml (default: this checkout)")
      .option("--sandbox", "in the stand-in for AWS"),
    process.argv.slice(2),
  ) as { stack?: string; output: string; evidence: string; sandbox?: true; project?: string } | undefined;
  if (given === undefined) return 0;
  const { stack = "", project } = given;
  demand(name, [[isStackName(given.stack), `--stack is "${stack}"; give a stack: staging or production`]]);
  const { output: plan, evidence } = given;
  await makeRoom({ plan, evidence });
  const cli = await openCli({
    place: given.sandbox ? "sandbox" : "aws",
    stack,
    command: name,
    ...(project !== undefined && { project }),
  });
  try {
    const made = await makePlan(cli, { plan, evidence }, (text) => void process.stderr.write(`${text}\n`));
    // A preview that ended before the policies had seen it has nothing to report.
    if (existsSync(join(evidence, "snapshot.json")))
      process.stdout.write(
        `To read it: npm run report -- --stack ${stack} --preview ${evidence}/preview.json --snapshot ${evidence}/snapshot.json\n`,
      );
    if (made === undefined) {
      process.stderr.write(`The preview of ${stack} fails; there is no plan.\n`);
      return 1;
    }
    process.stdout.write(`The plan is in ${plan}/; its digest is ${made.sha256}\n`);
    await output("digest", made.sha256, process.env);
    return 0;
  } finally {
    await cli.close();
  }
});
