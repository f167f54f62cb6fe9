import { type Command, CommanderError } from "commander";
import { UserError } from "../../../sandbox/cli/user-error.ts";

/**
 * Reads a command's arguments; undefined when help was asked for and printed.
 *
 * @throws UserError for arguments that the command does not have
 */
export function parsed(command: Command, args: readonly string[]): object | undefined {
  command
    .helpOption("--help", "show this")
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UserError(`${error.message.replace(/^error: /, "")}. See: ${command.name()} --help`, {
      cause: error,
    });
  }
  return command.opts();
}

/** A rule about what was given, and what to say when it does not hold. */
export type Demand = readonly [holds: boolean, text: string];

/** @throws UserError with every problem */
export function demand(command: string, demands: readonly Demand[]): void {
  const broken = demands.flatMap(([holds, text]) => (holds ? [] : [`  - ${text}`]));
  if (broken.length > 0)
    throw new UserError(`Nothing was changed:\n${broken.join("\n")}\nSee: ${command} --help`);
}

/** What a stack may be called. */
export function isStackName(name: string | undefined): name is string {
  return name !== undefined && /^[\w.-]{1,100}$/.test(name);
}
