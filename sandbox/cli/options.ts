import { Command } from "commander";
import { parseArguments } from "./parse-arguments.ts";
import type { Action } from "./summary.ts";
import { UserError } from "./user-error.ts";

/** What `npm start` was asked to do. */
export interface StartOptions {
  readonly action: Action;
  /** Empty: all that have a committed file. */
  readonly stacks: readonly string[];
  readonly faults: readonly string[];
}

/** Reads the arguments of `npm start`; undefined when help was asked for and printed. */
export function readStartOptions(args: readonly string[]): StartOptions | undefined {
  const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  const command = new Command("npm start --")
    .description(
      "Deploys this project's stacks with the real Pulumi engine and the policy pack into an offline stand-in cloud. " +
        "No AWS account is needed.",
    )
    .option(
      "--stack <name>",
      "only this stack; repeatable (default: every stack with a Pulumi.<stack>.yaml)",
      collect,
    )
    .option("--preview", "show what would change, and change nothing")
    .option("--destroy", "delete the stacks' resources")
    .option(
      "--fault <spec>",
      "make the stand-in cloud fail: <create|read|update|delete>:<type or *>[@<name>][#k]=<error|error-after|timeout|throttle|die>; repeatable",
      collect,
    )
    .addHelpText(
      "after",
      `
Examples:
  npm start                                          both stacks
  npm start -- --stack staging --preview
  npm start -- --fault 'create:aws:rds/instance:Instance=timeout'
  npm run sandbox -- stack output --stack staging    any Pulumi command in the same cloud
`,
    );
  const given = parseArguments(command, args) as
    { stack?: string[]; preview?: true; destroy?: true; fault?: string[] } | undefined;
  if (given === undefined) return undefined;
  const { stack = [], preview, destroy, fault = [] } = given;
  if (preview && destroy) throw new UserError("--preview and --destroy exclude each other.");
  return {
    action: preview ? "preview" : destroy ? "destroy" : "up",
    stacks: [...new Set(stack)],
    faults: fault,
  };
}
