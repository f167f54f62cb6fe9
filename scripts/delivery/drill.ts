/** `npm run delivery:drill`: whether what was backed up can be brought back. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { checkout } from "./lib/cli.ts";
import { GitHub, summarize } from "./lib/github.ts";
import { closeIssue, openIssue } from "./lib/issues.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";

/** What of a drill's words a report shows. */
const LINES = 80;
const matter = { title: "The restore drill fails", label: "restore-drill" };

await main(async () => {
  const given = parseArguments(
    new Command("npm run delivery:drill --")
      .description("Runs the disaster recovery drill (npm run dr-drill) and tells what came of it.")
      .option("--report <file>", "write it to this file, too, in Markdown")
      .option(
        "--issue",
        "keep one GitHub issue open while it fails; needs GITHUB_TOKEN and GITHUB_REPOSITORY",
      )
      .option("--script <file>", "the drill", "sandbox/drill/run-drill.ts"),
    process.argv.slice(2),
  ) as { report?: string; issue?: true; script: string } | undefined;
  if (given === undefined) return 0;
  const github = given.issue ? new GitHub(process.env) : undefined;
  const { code, said } = await drilled(resolve(checkout, given.script));
  const report = [
    `### The restore drill ${code === 0 ? "succeeded" : "FAILED"}`,
    "",
    "```text",
    ...said.trim().split("\n").slice(-LINES),
    "```",
    "",
    ...(code === 0 ? [] : ["To run it yourself: `npm run dr-drill`. docs/runbooks/disaster-recovery.md", ""]),
  ].join("\n");
  await summarize(report, process.env);
  if (given.report !== undefined) await writeFile(given.report, report);
  if (github && code !== 0) await openIssue(github, matter, report);
  if (github && code === 0) await closeIssue(github, matter, "The drill succeeds again.");
  return code;
});

async function drilled(script: string): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [script], { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.pipe(process.stderr);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code: code ?? 1, said: `${stdout}\n${stderr}` };
}
