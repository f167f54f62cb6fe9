import { isTransient } from "../../rotation/errors.ts";
import type { StepEnd, Steps } from "./function-log.ts";
import type { Secret } from "./secrets.ts";

/** How a rotation stands. */
export type State =
  | { readonly kind: "running"; readonly last: StepEnd | undefined }
  /** A step failed, and Secrets Manager repeats the rotation. */
  | { readonly kind: "retrying"; readonly last: StepEnd }
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly last: StepEnd }
  | { readonly kind: "abandoned"; readonly why: string };

/** Whether nothing more is to be expected. */
export function isEnd({ kind }: State): boolean {
  return kind === "succeeded" || kind === "failed" || kind === "abandoned";
}

/**
 * The state of the rotation that makes `version`.
 *
 * @param wasStaged whether the version has been AWSPENDING: what was just begun may not be readable yet
 */
export function stateOf(secret: Secret, version: string, steps: Steps, wasStaged: boolean): State {
  if (secret.current?.id === version) return { kind: "succeeded" };
  const last = "ends" in steps ? steps.ends.at(-1) : undefined;
  if (secret.rotation === undefined) return { kind: "abandoned", why: "rotation was turned off" };
  if (secret.pending?.id !== version && wasStaged)
    return { kind: "abandoned", why: "AWSPENDING was taken from its version: somebody wrote to the secret" };
  if (last?.isError !== true) return { kind: "running", last };
  return { kind: isTransient(last.result) ? "retrying" : "failed", last };
}
