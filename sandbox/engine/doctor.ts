import { program } from "commander";
import pc from "picocolors";

import type { Check } from "./diagnose.ts";
import { diagnose } from "./diagnose.ts";

const MARKS = { ok: pc.green("ok"), absent: pc.yellow("--"), missing: pc.red("!!") } as const;

/** One line a check, its fix below it. */
function table(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .flatMap(({ name, state, found, fix }) => [
      `${MARKS[state]}  ${name.padEnd(width)}  ${found.replaceAll("\n", `\n${" ".repeat(width + 6)}`)}`,
      ...(fix ? [`${" ".repeat(width + 6)}${pc.bold("fix:")} ${fix}`] : []),
    ])
    .join("\n");
}

program
  .name("npm run doctor --")
  .description("Says what this machine has for the offline cloud. Exit code 1: something needed is missing.")
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run doctor -- --help")
  .parse();

const checks = await diagnose();
console.log(table(checks));
process.exitCode = checks.some(({ state }) => state === "missing") ? 1 : 0;
