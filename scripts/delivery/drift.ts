/** `npm run drift -- --stack <name>`: what differs between AWS and the program. */
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { openCli } from "./lib/cli.ts";
import { drift, driftReport } from "./lib/drift.ts";
import { GitHub, summarize } from "./lib/github.ts";
import { closeIssue, openIssue } from "./lib/issues.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand, isStackName } from "./lib/options.ts";

const name = "npm run drift --";
/** Beside 1, which says that nobody knows. */
const DRIFTED = 2;

await main(async () => {
  const given = parseArguments(
    new Command(name)
      .description(
        "Compares AWS with a stack's state and program, and changes none of them. Ends with 0 when all agree, with 2 when something " +
          "drifted, with 1 when it cannot tell.",
      )
      .option("--stack <name>", "the stack")
      .option("--report <file>", "write what drifted to this file, too, in Markdown")
      .option(
        "--issue",
        "keep one GitHub issue open while there is drift; needs GITHUB_TOKEN and GITHUB_REPOSITORY",
      )
      .option("--project <folder>", "the folder of Pulumi.yaml (default: this checkout)")
      .option("--sandbox", "in the stand-in for AWS"),
    process.argv.slice(2),
  ) as { stack?: string; report?: string; issue?: true; sandbox?: true; project?: string } | undefined;
  if (given === undefined) return 0;
  const { stack = "", report, project } = given;
  demand(name, [[isStackName(given.stack), `--stack is "${stack}"; give a stack: staging or production`]]);
  const github = given.issue ? new GitHub(process.env) : undefined;
  const cli = await openCli({
    place: given.sandbox ? "sandbox" : "aws",
    stack,
    command: name,
    ...(project !== undefined && { project }),
  });
  try {
    const drifted = await drift(cli);
    const text = drifted.length === 0 ? `${stack} has not drifted.\n` : driftReport(stack, drifted);
    await summarize(text, process.env);
    if (report !== undefined) await writeFile(report, text);
    const matter = { title: `Drift in ${stack}`, label: "drift" };
    if (github && drifted.length > 0) await openIssue(github, matter, text);
    if (github && drifted.length === 0) await closeIssue(github, matter, text);
    return drifted.length === 0 ? 0 : DRIFTED;
  } finally {
    await cli.close();
  }
});
