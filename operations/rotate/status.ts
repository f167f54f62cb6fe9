import Table from "cli-table3";
import pc from "picocolors";
import type { Clients } from "./follow.ts";
import { logGroupOf, type Steps, stepsOf } from "./function-log.ts";
import { functionName, readSecret, type Secret, secretNames } from "./secrets.ts";

/** How one secret stands, as `--json` shows it. */
export interface Status {
  readonly secret: string;
  /** Days since the current version was made. */
  readonly ageDays: number | null;
  /** ISO 8601; null when no rotation is planned. */
  readonly due: string | null;
  readonly isOverdue: boolean;
  readonly lastResult: string;
  readonly schedule: string | null;
  readonly function: string | null;
}

const DAY_MS = 86_400_000;

/** Of every secret below the path, by name. */
export async function statusOf(clients: Clients, path: string, now = Date.now()): Promise<Status[]> {
  const names = await secretNames(clients.secrets, path);
  return Promise.all(
    names.map(async (name) => {
      const secret = await readSecret(clients.secrets, name);
      return status(secret, await lastSteps(clients, secret), now);
    }),
  );
}

/** Only of a rotation that has not come to its end; of one that has, Secrets Manager knows the day. */
async function lastSteps({ logs, functions }: Clients, { pending, rotation, made }: Secret): Promise<Steps> {
  if (pending === undefined || rotation === undefined) return { ends: [] };
  const log = await logGroupOf(functions, rotation.functionArn);
  return stepsOf(logs, log, pending.id, pending.made ?? made ?? new Date(0));
}

/** What is known of a secret, in the table's words. */
export function status(secret: Secret, steps: Steps, now: number): Status {
  const { current, rotation } = secret;
  const made = current?.made?.getTime();
  return {
    secret: secret.name,
    // AWS's clock may be ahead.
    ageDays: made === undefined ? null : Math.max(0, Math.floor((now - made) / DAY_MS)),
    due: rotation?.due?.toISOString() ?? null,
    isOverdue: rotation?.due !== undefined && rotation.due.getTime() < now,
    lastResult: lastResult(secret, steps),
    schedule: rotation?.schedule ?? null,
    function: rotation === undefined ? null : functionName(rotation.functionArn),
  };
}

function lastResult({ pending, rotation }: Secret, steps: Steps): string {
  if (rotation === undefined) return pending === undefined ? "no rotation" : "given up: rotation is off";
  if (pending !== undefined) {
    if ("unknown" in steps) return `not over (${steps.unknown})`;
    const last = steps.ends.at(-1);
    if (last === undefined) return "not over, no step seen";
    return last.isError ? `failed at ${last.step}: ${last.result}` : `not over, last seen ${last.step}`;
  }
  return rotation.last === undefined ? "never rotated" : `succeeded ${day(rotation.last.toISOString())}`;
}

const day = (iso: string): string => iso.slice(0, 10);

/** The same for a person. */
export function statusTable(path: string, all: readonly Status[]): string {
  const table = new Table({
    head: ["secret", "age, days", "due", "last result", "schedule", "function"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "left", "left", "left", "left"],
  });
  for (const one of all) {
    const due = one.due === null ? "-" : day(one.due);
    table.push([
      one.secret.slice(path.length + 1),
      one.ageDays ?? "-",
      one.isOverdue ? pc.red(`${due}, overdue`) : due,
      one.lastResult.startsWith("failed") ? pc.red(one.lastResult) : one.lastResult,
      one.schedule ?? "-",
      one.function ?? "-",
    ]);
  }
  return `${path}\n${table.toString()}`;
}
