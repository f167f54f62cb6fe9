/** `npm run delivery:issue`: keeps one issue open while something is wrong, and closes it when it is not. */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { GitHub } from "./lib/github.ts";
import { closeIssue, openIssue } from "./lib/issues.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand } from "./lib/options.ts";

const name = "npm run delivery:issue --";

await main(async () => {
  const given = parseArguments(
    new Command(name)
      .description(
        "Keeps one issue a matter: opens it, or brings the open one up to date, with --body-file; closes it with --close. Needs " +
          "GITHUB_TOKEN and GITHUB_REPOSITORY.",
      )
      .option("--title <text>", "the matter; also what the issue is found by")
      .option("--label <label>", "the label of such issues")
      .option("--body-file <file>", "what is wrong, in Markdown")
      .option("--close <reason>", "nothing is wrong any more"),
    process.argv.slice(2),
  ) as { title?: string; label?: string; bodyFile?: string; close?: string } | undefined;
  if (given === undefined) return 0;
  const { title = "", label = "", bodyFile, close } = given;
  demand(name, [
    [title !== "", "--title is missing; name the matter, for example: Drift in production"],
    [label !== "", "--label is missing; for example: drift"],
    [(bodyFile === undefined) !== (close === undefined), "give either --body-file or --close"],
  ]);
  const github = new GitHub(process.env);
  if (close !== undefined) {
    const closed = await closeIssue(github, { title, label }, close);
    process.stdout.write(
      closed === undefined ? "There is no issue to close.\n" : `Issue ${closed} is closed.\n`,
    );
    return 0;
  }
  const [number, done] = await openIssue(github, { title, label }, await readFile(bodyFile ?? "", "utf8"));
  process.stdout.write(`Issue ${number} is ${done}.\n`);
  return 0;
});
