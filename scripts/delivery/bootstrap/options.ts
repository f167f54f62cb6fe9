import { Command } from "commander";
import { problemsOf } from "../../../bootstrap/config.ts";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { parseArguments } from "../../../sandbox/cli/parse-arguments.ts";

/** What `npm run bootstrap` was asked to do. */
export interface BootstrapOptions {
  readonly repository?: string;
  readonly region?: string;
  readonly existingProvider: boolean;
  readonly place: "aws" | "sandbox";
  readonly preview: boolean;
  readonly yes: boolean;
}

/** Reads the arguments; undefined when help was asked for and printed. */
export function readBootstrapOptions(args: readonly string[]): BootstrapOptions | undefined {
  const command = new Command("npm run bootstrap --")
    .description(
      "Makes what an AWS account needs once before pipelines deploy Macro AI into it: the bucket of Pulumi's states and its key, " +
        "GitHub as an identity provider, and one role a purpose. Run again, it changes only what differs. docs/delivery.md",
    )
    .option(
      "--repository <owner/name>",
      "the repository on GitHub; needed the first time, then bootstrap/Pulumi.account.yaml has it; always with --sandbox",
    )
    .option(
      "--region <region>",
      "where the bucket and the key lie: not production's region (default: us-west-2)",
    )
    .option("--existing-provider", "the account has GitHub's OIDC provider already")
    .option("--sandbox", "run it in the stand-in for AWS: no account is needed, nothing leaves this machine")
    .option("--preview", "show what would change, and change nothing")
    .option("--yes", "do not ask before the change");
  const given = parseArguments(command, args) as
    | {
        repository?: string;
        region?: string;
        existingProvider?: true;
        sandbox?: true;
        preview?: true;
        yes?: true;
      }
    | undefined;
  if (given === undefined) return undefined;
  const { sandbox, existingProvider, preview, yes, ...values } = given;
  return {
    ...values,
    existingProvider: existingProvider ?? false,
    place: sandbox ? "sandbox" : "aws",
    preview: preview ?? false,
    yes: yes ?? sandbox ?? false,
  };
}

/** @throws UserError with every problem of the configuration that the command would run with */
export function refuseProblems(given: {
  repository?: string | undefined;
  region?: string | undefined;
}): void {
  const problems = problemsOf(given);
  if (problems.length > 0)
    throw new UserError(`Nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}
