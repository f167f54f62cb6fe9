import { Command } from "commander";

/**
 * Reads the options of a command that writes pages of the documentation.
 *
 * @param script the npm script
 * @param description what it writes
 */
export function pageOptions(script: string, description: string): { check: boolean } {
  return new Command(`npm run ${script} --`)
    .description(description)
    .option("--check", "write nothing; only tell whether they are current, and fail when they are not", false)
    .helpOption("--help", "show this")
    .showHelpAfterError(`See: npm run ${script} -- --help`)
    .parse()
    .opts<{ check: boolean }>();
}
