import type { Context } from "aws-lambda";
import { type Deadline, deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { log } from "../log.ts";
import { rotate, type RotationEvent, type Strategy } from "../protocol.ts";
import { secretStore } from "../store.ts";

/** Lambda's view of a rotation function. */
export type RotationHandler = (
  event: RotationEvent | undefined,
  context: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<void>;

/** The handler of one kind of secret: one step a call, one line in the log for its end. */
export function rotationHandler<Value>(
  strategyFor: (deadline: Deadline) => Strategy<Value>,
): RotationHandler {
  return async (event, context) => {
    const began = performance.now();
    const { SecretId, ClientRequestToken, Step } = (event ?? {}) as Partial<
      Record<keyof RotationEvent, unknown>
    >;
    const about = { secret: text(SecretId), version: text(ClientRequestToken), step: text(Step) };
    const milliseconds = () => Math.round(performance.now() - began);
    try {
      const time = deadline(context.getRemainingTimeInMillis());
      const { secret, version, step } = about;
      if (secret === undefined || version === undefined || step === undefined)
        throw new RotationError("unknown-step", "The call names no secret, no version or no step.");
      const asked = { SecretId: secret, ClientRequestToken: version, Step: step };
      const result = await rotate(asked, secretStore(secret, time), strategyFor(time));
      log({ level: "info", ...about, result, milliseconds: milliseconds() });
    } catch (error) {
      const failure = rotationError(error);
      log({
        level: "error",
        ...about,
        result: failure.code,
        message: failure.message,
        milliseconds: milliseconds(),
      });
      throw failure;
    }
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Errors of AWS's SDK are told by name: their texts may quote what was sent. */
export function rotationError(error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new RotationError(outOfTime.has(name) ? "out-of-time" : "failed", `The call ended with ${name}.`);
}

const outOfTime: ReadonlySet<string> = new Set(["AbortError", "TimeoutError"]);
