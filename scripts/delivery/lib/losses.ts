import * as z from "zod";
import type { Cli } from "./cli.ts";
import { gated } from "./cli.ts";
import { STATEFUL } from "../../report/stateful.ts";

const preview = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      oldState: z.looseObject({ type: z.string() }).optional(),
    }),
  ),
});

/** What of the stack's data an update would delete or replace; or why nobody can say. */
export async function losses(cli: Cli): Promise<string[]> {
  const { code, stdout, stderr } = await cli.read([
    "preview",
    "--json",
    "--refresh",
    "--stack",
    cli.stack,
    ...gated(cli.project),
    "--non-interactive",
  ]);
  if (code !== 0) return [`its preview fails: ${lastLine(stderr || stdout)}`];
  return preview.parse(JSON.parse(stdout)).steps.flatMap(({ op, urn, oldState }) => {
    const lost = STATEFUL[oldState?.type ?? ""];
    if (lost === undefined || !["delete", "replace"].includes(op)) return [];
    return [`it would ${op} ${urn.split("::").at(-1) ?? urn} and lose ${lost}`];
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
