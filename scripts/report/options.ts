import { Command } from "commander";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";

/** What `npm run report` was asked to do. */
export interface ReportOptions {
  readonly stack: string;
  /** The revision that the sandbox deploys first. */
  readonly base: string;
  /** A preview of the real stack in place of the sandbox. */
  readonly preview?: string;
  /** What the policy pack recorded of that preview. */
  readonly snapshot?: string;
  /** Where the files go. */
  readonly out: string;
}

/** Reads the arguments of `npm run report`; undefined when help was asked for and printed. */
export function readReportOptions(args: readonly string[]): ReportOptions | undefined {
  const command = new Command("npm run report --")
    .description(
      "Tells what this checkout changes of a stack: what is lost, each change by component, the policies' findings, the cost, who reaches " +
        "whom, and a picture. Written as Markdown for a pull request's comment, HTML, JSON and SVG, and printed here.",
    )
    .option("--stack <name>", "which stack", "production")
    .option("--base <revision>", "compare with this revision, deployed in a throw-away sandbox", "main")
    .option(
      "--preview <file>",
      "compare with the real stack: what pulumi preview --json --show-sames printed",
    )
    .option("--snapshot <file>", "what the policy pack recorded of that preview (MACRO_AI_POLICY_SNAPSHOT)")
    .option(
      "--out <folder>",
      "where report.md, report.html, report.json, topology.svg and .mmd go",
      "change-report",
    )
    .addHelpText(
      "after",
      `
Examples:
  npm run report                                   production against main, offline
  npm run report -- --stack staging --base HEAD~1
  MACRO_AI_POLICY_SNAPSHOT=pack.json pulumi preview --json --show-sames --stack production --policy-pack policies > preview.json
  npm run report -- --preview preview.json --snapshot pack.json

It fails, with the report written, where the engine or a mandatory policy would refuse the change.
`,
    );
  const options = parseArguments(command, args) as ReportOptions | undefined;
  if (options === undefined) return undefined;
  const baseIsGiven = command.getOptionValueSource("base") === "cli";
  if (options.preview !== undefined && baseIsGiven)
    throw new UserError(
      "--base and --preview exclude each other: a preview file compares with the stack that it was made of. Leave one out.",
    );
  if (options.preview === undefined && options.snapshot !== undefined)
    throw new UserError(
      "--snapshot belongs to --preview: the sandbox records its own. Add --preview <file>, or leave it out.",
    );
  return options;
}
