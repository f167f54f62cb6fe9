/**
 * `npm run policy-report [-- --stack <name>...] [--output <folder>]`: previews each stack in the sandbox, judges what
 * the engine showed, prints a table and writes SARIF, JUnit, markdown and the coverage matrix.
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import pack from "../policies/package.json" with { type: "json" };
import { message } from "../policies/core/verdict.ts";
import { assess, everyRule, type Assessment } from "../policies/report/assess.ts";
import { junit } from "../policies/report/junit.ts";
import { count, coverage, markdown } from "../policies/report/markdown.ts";
import { sarif } from "../policies/report/sarif.ts";
import { rules } from "../policies/rules.ts";
import { main } from "../sandbox/cli/main.ts";
import { previewed } from "./previewed.ts";
import { makeReportFolder } from "./report-folder.ts";

const checkout = resolve(import.meta.dirname, "..");

const colours = { mandatory: pc.red, advisory: pc.yellow, exempt: pc.cyan, proven: pc.dim };

await main(async () => {
  const options = readOptions();
  const folder = resolve(checkout, options.output);
  await makeReportFolder(folder, options.output, "--output");
  const assessments: Assessment[] = [];
  const now = new Date();
  for (const stack of options.stack) assessments.push(assess(stack, await previewed(stack), rules, now));
  for (const assessment of assessments) process.stdout.write(table(assessment));
  const files: Record<string, string> = {
    "policies.sarif": `${JSON.stringify(sarif(assessments, pack.version), undefined, 2)}\n`,
    "policies.junit.xml": junit(assessments, now),
    "policies.md": markdown(assessments),
    "coverage.md": coverage(everyRule(rules)),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  process.stdout.write(`${Object.keys(files).join(", ")} are in ${options.output}/.\n`);
  const broken = assessments.some(({ judged, notes }) =>
    [...judged.map(({ standing }) => standing), ...notes.map(({ level }) => level)].includes("mandatory"),
  );
  return broken ? 1 : 0;
});

function readOptions(): { stack: string[]; output: string } {
  return new Command("npm run policy-report --")
    .description(
      "Previews stacks in the sandbox and tells how the policy pack judges them: a table here, and SARIF, JUnit, Markdown " +
        "and the coverage of controls in files. Fails when a mandatory rule is broken.",
    )
    .option("--stack <name...>", "which stacks", ["staging", "production"])
    .option("--output <folder>", "where the files go", "policy-report")
    .helpOption("--help", "show this")
    .showHelpAfterError("See: npm run policy-report -- --help")
    .parse()
    .opts();
}

function table({ stack, resources, rules: all, judged, notes }: Assessment): string {
  const lines = judged
    .filter(({ standing }) => standing !== "proven")
    .map(
      (verdict) =>
        `  ${colours[verdict.standing](verdict.standing.padEnd(9))} ${verdict.outcome.padEnd(8)} ${verdict.rule.name}\n    ${message(verdict)}`,
    );
  const told = notes.map(({ rule, message: said }) => `  ${rule.name}: ${said.replaceAll("\n", "\n    ")}`);
  return [
    `${pc.bold(stack)}: ${all.length} rules, ${resources} resources: ${count(judged)}`,
    ...lines,
    ...told,
    "",
    "",
  ].join("\n");
}
