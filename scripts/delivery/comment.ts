/** `npm run delivery:comment`: one comment of a name under a pull request, brought up to date. */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { GitHub } from "./lib/github.ts";
import { upsertComment } from "./lib/issues.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand } from "./lib/options.ts";

const command = "npm run delivery:comment --";

await main(async () => {
  const given = parseArguments(
    new Command(command)
      .description(
        "Writes a comment under a pull request, or brings the one of that name up to date. Needs GITHUB_TOKEN and GITHUB_REPOSITORY.",
      )
      .option("--pull-request <number>", "which one")
      .option("--name <name>", "what the comment is found by; people do not see it")
      .option("--body-file <file>", "its text, in Markdown"),
    process.argv.slice(2),
  ) as { pullRequest?: string; name?: string; bodyFile?: string } | undefined;
  if (given === undefined) return 0;
  const { pullRequest = "", name = "", bodyFile = "" } = given;
  demand(command, [
    [/^\d+$/.test(pullRequest), `--pull-request is "${pullRequest}"; give its number`],
    [name !== "", "--name is missing; for example: report-staging"],
    [bodyFile !== "", "--body-file is missing; give a file of Markdown"],
  ]);
  const done = await upsertComment(
    new GitHub(process.env),
    { pullRequest: Number(pullRequest), name },
    await readFile(bodyFile, "utf8"),
  );
  process.stdout.write(`The comment ${name} is ${done}.\n`);
  return 0;
});
