import { RotationError } from "./errors.ts";

/** What ends a call of the function. Lambda's own limit would end it without a word. */
export interface Deadline {
  /** Aborts shortly before Lambda would. */
  readonly signal: AbortSignal;
  /** Milliseconds for one wait: its own limit, or half of what is left, so that there is time to look what it left behind. */
  allow(milliseconds: number): number;
}

/** Time kept for telling what went wrong. */
const RESERVE_MS = 2_000;

/** @param remainingMs how long Lambda lets the call go on */
export function deadline(remainingMs: number): Deadline {
  const end = performance.now() + remainingMs - RESERVE_MS;
  return {
    signal: AbortSignal.timeout(Math.max(1, remainingMs - RESERVE_MS)),
    allow: (milliseconds) => {
      const left = Math.floor(end - performance.now());
      if (left <= 0) throw new RotationError("out-of-time", "There is no time left.");
      return Math.min(milliseconds, Math.ceil(left / 2));
    },
  };
}
