import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import type { Cli } from "./cli.ts";

const history = z.array(
  z.looseObject({
    kind: z.string(),
    result: z.string(),
    environment: z.record(z.string(), z.string()).default({}),
  }),
);

/**
 * The commit that the stack was last deployed from, as Pulumi noted it; undefined where there was none, or where it was deployed
 * from files that no commit has.
 */
export async function deployedCommit(cli: Cli): Promise<string | undefined> {
  const { code, stdout, stderr } = await cli.read([
    "stack",
    "history",
    "--json",
    "--stack",
    cli.stack,
    "--non-interactive",
  ]);
  if (code !== 0) throw new UserError(`The history of ${cli.stack} cannot be read: ${stderr.trim()}`);
  const last = history
    .parse(JSON.parse(stdout || "[]"))
    .find(({ kind, result }) => ["update", "rollback"].includes(kind) && result === "succeeded");
  if (last?.environment["git.dirty"] === "true") return undefined;
  return last?.environment["git.head"];
}
