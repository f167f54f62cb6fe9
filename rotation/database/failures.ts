import { type Failure, RotationError } from "../errors.ts";
import { networkFailures } from "../network-failures.ts";

/** What PostgreSQL says (SQLSTATE, appendix A of its manual), in our words. */
const databaseFailures: Readonly<Record<string, Failure>> = {
  "28P01": "credentials-rejected",
  "28000": "permission-denied",
  "42501": "permission-denied",
  "42704": "role-missing",
  "55P03": "busy",
  "57014": "busy",
  "53300": "busy",
  XX000: "busy",
  "57P03": "unreachable",
};

/** Errors of the driver that have no code; their texts are its own and hold no value. */
const driverFailures: readonly [RegExp, Failure][] = [
  [/does not support SSL/, "tls-refused"],
  [/timeout|terminated/i, "unreachable"],
];

/** A driver's error without its text, which may quote the statement. */
export function databaseFailure(error: unknown, doing: string): RotationError {
  if (error instanceof RotationError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string") {
    return new RotationError(
      databaseFailures[code] ?? networkFailures[code] ?? "failed",
      `${doing} failed with ${code}.`,
    );
  }
  const found = driverFailures.find(([pattern]) => pattern.test(String(message)));
  return new RotationError(found?.[1] ?? "failed", `${doing} failed.`);
}
