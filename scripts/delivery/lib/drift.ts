import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import type { Cli } from "./cli.ts";

/** A resource that is not as the program and the state have it. */
export interface Drifted {
  /** Type and logical name. */
  readonly resource: string;
  /** What an update would do about it. */
  readonly operation: string;
  /** Names of properties, never their values: some are secrets. */
  readonly properties: readonly string[];
}

const preview = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      diffReasons: z.array(z.string()).nullish(),
      detailedDiff: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
});

const UNCHANGED = new Set(["same", "read", "refresh"]);

/**
 * What differs between AWS, the state and the program, without changing any of them.
 *
 * @throws UserError when the preview fails for another reason
 */
export async function drift(cli: Cli): Promise<Drifted[]> {
  const { code, stdout, stderr } = await cli.read([
    "preview",
    "--refresh",
    "--expect-no-changes",
    "--json",
    "--stack",
    cli.stack,
    "--non-interactive",
  ]);
  const seen = preview.safeParse(json(stdout));
  const drifted = seen.success ? driftedIn(seen.data.steps) : [];
  if (code === 0 || drifted.length > 0) return drifted;
  throw new UserError(`The preview of ${cli.stack} fails: ${(stderr || stdout).trim()}`);
}

function driftedIn(steps: z.infer<typeof preview>["steps"]): Drifted[] {
  return steps
    .filter(({ op }) => !UNCHANGED.has(op))
    .map(({ op, urn, diffReasons, detailedDiff }) => ({
      resource: urn.split("::").slice(2).join(" ").replace(/^.*\$/, ""),
      operation: op,
      properties: [...new Set([...(diffReasons ?? []), ...Object.keys(detailedDiff ?? {})])].sort(),
    }));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What people are told of it, in Markdown. */
export function driftReport(stack: string, drifted: readonly Drifted[]): string {
  return [
    `${stack} is not as its program has it: ${drifted.length} resource${drifted.length === 1 ? "" : "s"}. Somebody changed AWS by hand, or the branch has what ` +
      "was never deployed.",
    "",
    "| resource | an update would | properties |",
    "| --- | --- | --- |",
    ...drifted.map(
      ({ resource, operation, properties }) =>
        `| ${resource} | ${operation} | ${properties.map((name) => `\`${name}\``).join(", ")} |`,
    ),
    "",
    `To see it: \`pulumi preview --refresh --diff --stack ${stack}\`. To undo it: \`npm run deploy -- --stack ${stack} --refresh\`. To keep it: write it into the program. ` +
      "docs/delivery.md, Drift. This issue closes by itself once the drift is gone.",
    "",
  ].join("\n");
}
