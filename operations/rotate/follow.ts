import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { setTimeout as sleep } from "node:timers/promises";
import { type StepEnd, stepsOf } from "./function-log.ts";
import { readSecret, type Secret } from "./secrets.ts";
import { isEnd, type State, stateOf } from "./state.ts";

/** With what AWS is spoken to. */
export interface Clients {
  readonly secrets: SecretsManagerClient;
  readonly logs: CloudWatchLogsClient;
  readonly functions: LambdaClient;
}

/** What is told while a rotation goes on. */
export interface Audience {
  /** The end of each step, once. */
  step: (end: StepEnd) => void;
  /** What cannot be seen, once. */
  note: (text: string) => void;
}

/** How a rotation ended, or that nobody waits for it any more. */
export type Ending =
  State | { readonly kind: "time-limit" | "interrupted"; readonly last: StepEnd | undefined };

/** How often the log is looked at again after the end. */
const LOOKS_AFTER = 2;

/** What was just begun is AWSPENDING for every reader by then. */
const STAGED_BY_MS = 10_000;

/**
 * Follows the rotation that makes `version` until it ends, the time is over or the signal comes.
 *
 * @param log the function's log group
 * @param since what the function logged before belongs to an earlier attempt
 * @param pollMs between two looks
 */
export async function follow(
  clients: Clients,
  { secret, version, since, log }: { secret: Secret; version: string; since: Date; log: string },
  audience: Audience,
  { timeLimit, signal, pollMs = 1_000 }: { timeLimit: number; signal: AbortSignal; pollMs?: number },
): Promise<Ending> {
  const began = Date.now();
  let wasStaged = secret.pending?.id === version;
  let told = 0;
  let noted = false;
  let looksAfter = 0;
  for (;;) {
    // In this order, so that whoever finds the rotation at its end has seen its last step.
    const now = await readSecret(clients.secrets, secret.name);
    const seen = await stepsOf(clients.logs, log, version, since);
    if ("unknown" in seen && !noted) {
      audience.note(`${seen.unknown}: the steps cannot be shown.`);
      noted = true;
    }
    const ends = "ends" in seen ? seen.ends : [];
    for (const end of ends.slice(told)) audience.step(end);
    told = Math.max(told, ends.length);
    wasStaged ||= now.pending?.id === version || Date.now() - began > STAGED_BY_MS;
    const state = stateOf(now, version, seen, wasStaged);
    const last = ends.at(-1);
    // The last step is logged a moment after the version is current.
    const isShown = "unknown" in seen || last?.step === "finishSecret" || looksAfter === LOOKS_AFTER;
    if (isEnd(state) && (state.kind !== "succeeded" || isShown)) return state;
    if (state.kind === "succeeded") looksAfter += 1;
    if (signal.aborted) return { kind: "interrupted", last };
    const left = began + timeLimit - Date.now();
    if (left <= 0) return { kind: "time-limit", last };
    await sleep(Math.min(pollMs, left), undefined, { signal }).catch(() => undefined);
  }
}
