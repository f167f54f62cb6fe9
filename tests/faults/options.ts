import { Command, InvalidArgumentError, Option } from "commander";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";

/** How a creation fails. */
export const kinds = ["error", "error-after", "timeout", "die"] as const;
export type Kind = (typeof kinds)[number];

/** `waves`: an update goes on with what does not depend on what failed. `one by one`: it ends at the first failure. */
export type Pace = "waves" | "one by one";

export interface SweepOptions {
  readonly stacks: readonly string[];
  readonly kinds: readonly Kind[];
  readonly pace: Pace;
  /** After how long no further update is begun. */
  readonly minutes: number;
  readonly isFresh: boolean;
}

const after = `
An update goes on with what does not depend on what failed, so many creations fail in it. The sweep keeps its place in
.sandbox/faults: interrupted by Ctrl-C, by --minutes or by a crash, the same command goes on from there.

Exit codes: 0 all failed once and was made good, 1 something was not, 2 not at the end yet.
`;

/** Reads the arguments of `npm run test:faults`; undefined when help was asked for and printed. Throws a UserError. */
export function readSweepOptions(args: readonly string[]): SweepOptions | undefined {
  const collect = <T extends string>(value: string, earlier: readonly T[] = []) => [...earlier, value as T];
  const command = new Command("npm run test:faults --")
    .description(
      "Fails every single creation of the committed stacks once, and checks after each update that nothing is orphaned, " +
        "and at the end that the stacks are whole.",
    )
    .option("--stack <name>", "only this stack; repeatable (default: staging, production)", collect<string>)
    .addOption(
      new Option(
        "--kind <kind>",
        `how creations fail: ${kinds.join(", ")}; repeatable (default: error). ` +
          "error: nothing is made; error-after: it is made, the answer is lost; timeout: it hangs, then fails; " +
          "die: it is made, and every process killed",
      ).argParser((value: string, earlier?: readonly Kind[]) => {
        if (!kinds.some((kind) => kind === value))
          throw new InvalidArgumentError(`Allowed are ${kinds.join(", ")}.`);
        return collect<Kind>(value, earlier);
      }),
    )
    .option("--one-by-one", "end each update at the first failure; takes an update for each creation")
    .option("--minutes <n>", "begin no further update after so long (default: no limit)", count)
    .option("--fresh", "forget how far an earlier sweep came")
    .addHelpText("after", after);
  const given = parseArguments(command, args) as
    { stack?: string[]; kind?: Kind[]; oneByOne?: true; minutes?: number; fresh?: true } | undefined;
  if (given === undefined) return undefined;
  return {
    stacks: [...new Set(given.stack ?? ["staging", "production"])],
    kinds: [...new Set(given.kind ?? (["error"] as const))],
    pace: given.oneByOne === true ? "one by one" : "waves",
    minutes: given.minutes ?? Infinity,
    isFresh: given.fresh === true,
  };
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Allowed is a whole number from 1.");
  return Number(text);
}
