import { Command, Option } from "commander";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";

export const CURRENCIES = ["GBP", "USD"] as const;
export type Currency = (typeof CURRENCIES)[number];

/** What `npm run cost` was asked to do. */
export interface CostOptions {
  readonly stack: string;
  readonly json: boolean;
  readonly currency: Currency;
  /** A revision of the repository to compare with. */
  readonly diff?: string;
  /** A file of usage over the committed one. */
  readonly usage?: string;
  /** A recorded preview in place of a new one. */
  readonly snapshot?: string;
}

/** Reads the arguments of `npm run cost`; undefined when help was asked for and printed. */
export function readCostOptions(args: readonly string[]): CostOptions | undefined {
  const command = new Command("npm run cost --")
    .description(
      "Previews a stack in the sandbox and tells what it costs a month, line by line: what is charged whether or not anybody uses it, " +
        "what its use costs, and what has no price. No AWS account is needed. How it is reckoned stands in docs/cost.md.",
    )
    .option("--stack <name>", "which stack", "production")
    .option("--diff <revision>", "tell what changes against this revision of the repository, such as main")
    .option("--usage <file>", "YAML or JSON with other usage than policies/cost/usage.json has")
    .option("--snapshot <file>", "price this recorded preview: MACRO_AI_POLICY_SNAPSHOT=<file> records one")
    .addOption(new Option("--currency <code>", "in which money").choices(CURRENCIES).default("GBP"))
    .option("--json", "print data in place of tables", false)
    .addHelpText(
      "after",
      `
Examples:
  npm run cost                                     what production costs
  npm run cost -- --stack staging --currency USD
  npm run cost -- --diff main                      what this checkout changes for production
  npm run --silent cost -- --json | jq .total

It fails where something has no price. That a stack costs more than its budget it only tells: the policy
cost-within-budget refuses it.
`,
    );
  return parseArguments(command, args) as CostOptions | undefined;
}
