import { type Command, CommanderError } from "commander";
import { UserError } from "./user-error.ts";

/**
 * Reads a command's arguments; undefined when help was asked for and printed.
 *
 * @throws UserError for arguments that the command does not have
 */
export function parseArguments(command: Command, args: readonly string[]): object | undefined {
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
    throw new UserError(`${error.message.replace(/^error: /, "")}\nSee: ${command.name()} --help`, {
      cause: error,
    });
  }
  return command.opts();
}
