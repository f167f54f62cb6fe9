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
import { demand, isStackName } from "./lib/options.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";

const name = "npm run delivery:drill --";
/** What of a drill's words a report shows: the last lines of what it tells, and of what it does. */
const LINES = 60;

/** Which drill, and what one does about it. */
interface Drill {
  readonly script: string;
  readonly args: readonly string[];
  readonly title: string;
  readonly help: string;
}

const ofRegion: Drill = {
  script: "sandbox/drill/run-drill.ts",
  args: [],
  title: "The disaster recovery drill",
  help: "To run it yourself: `npm run dr-drill`. docs/runbooks/disaster-recovery.md",
};

const ofStack = (stack: string): Drill => ({
  script: "operations/restore/run-restore.ts",
  args: ["--stack", stack, "--drill"],
  title: `The restore drill of ${stack}`,
  help: `To run it yourself: \`npm run restore -- --stack ${stack} --drill\`. docs/runbooks/restore.md`,
});

await main(async () => {
  const given = parseArguments(
    new Command(name)
      .description(
        "Runs a drill and tells what came of it: without a stack the loss of production's region, offline (npm run dr-drill), " +
          "with one its restore from its real backups (npm run restore -- --drill).",
      )
      .option("--stack <name>", "the stack whose database is restored into a throw-away stack, on AWS")
      .option("--report <file>", "write it to this file, too, in Markdown")
      .option(
        "--issue",
        "keep one GitHub issue open while it fails; needs GITHUB_TOKEN and GITHUB_REPOSITORY",
      )
      .option("--script <file>", "run this instead of the drill's own"),
    process.argv.slice(2),
  ) as { stack?: string; report?: string; issue?: true; script?: string } | undefined;
  if (given === undefined) return 0;
  const { stack } = given;
  demand(name, [
    [stack === undefined || isStackName(stack), `--stack is "${stack ?? ""}"; give a stack: production`],
  ]);
  const github = given.issue ? new GitHub(process.env) : undefined;
  const drill = stack === undefined ? ofRegion : ofStack(stack);
  const { code, said } = await drilled(resolve(checkout, given.script ?? drill.script), drill.args);
  const report = [
    `### ${drill.title} ${code === 0 ? "succeeded" : "FAILED"}`,
    "",
    "```text",
    ...said.flatMap((text) => text.trim().split("\n").slice(-LINES)),
    "```",
    "",
    ...(code === 0 ? [] : [drill.help, ""]),
  ].join("\n");
  await summarize(report, process.env);
  if (given.report !== undefined) await writeFile(given.report, report);
  const matter = { title: `${drill.title} fails`, label: "restore-drill" };
  if (github && code !== 0) await openIssue(github, matter, report);
  if (github && code === 0) await closeIssue(github, matter, "The drill succeeds again.");
  return code;
});

/** Ctrl-C reaches the drill from the terminal, too: it cleans up, and only then this goes on. */
async function drilled(script: string, args: readonly string[]): Promise<{ code: number; said: string[] }> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  process.off("SIGINT", wait);
  return { code: code ?? 1, said: [stdout, stderr] };
}
