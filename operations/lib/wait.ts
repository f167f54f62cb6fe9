import { setTimeout as sleep } from "node:timers/promises";
import { OperationError } from "./operation-error.ts";

/** How an operation waits. */
export interface Patience {
  /** Ends the wait with {@link Interrupted}. */
  signal: AbortSignal;
  intervalMs: number;
  /** Told now and then how long it has been. */
  say: (text: string) => void;
}

/** How often somebody who watches is told that the wait goes on. */
const REMIND_MS = 60_000;

/**
 * Looks until there is something to see.
 *
 * @param what completes "Waiting until ..." and "It took too long until ..."
 * @param look undefined: not yet
 * @throws OperationError after `limitMs`
 */
export async function until<T>(
  what: string,
  limitMs: number,
  { signal, intervalMs, say }: Patience,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const started = performance.now();
  let reminded = started;
  for (;;) {
    stopIfInterrupted(signal);
    const seen = await look();
    if (seen !== undefined) return seen;
    const now = performance.now();
    if (now - started > limitMs)
      throw new OperationError(
        `It took longer than ${duration(limitMs)} until ${what}. It may still happen: look, then resume.`,
      );
    if (now - reminded >= REMIND_MS) {
      reminded = now;
      say(`waiting until ${what}: ${duration(now - started)}`);
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => stopIfInterrupted(signal));
  }
}

/** @throws Interrupted */
export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason as Error;
}

/** A time for people: "40 s", "12 min". */
export function duration(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
