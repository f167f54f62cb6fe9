import { RotationError } from "./errors.ts";

/**
 * The fields of a secret's value.
 *
 * @throws RotationError "wrong-shape"
 */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw wrongShape("it is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrongShape("it is no JSON object");
  }
  return value as Readonly<Record<string, unknown>>;
}

/** The entries of a function's variable, unchecked; none when it is no JSON list. */
export function jsonList<Entry>(text: string): Partial<Record<keyof Entry, unknown>>[] {
  try {
    const value: unknown = JSON.parse(text);
    const entries = Array.isArray(value) ? (value as (Partial<Record<keyof Entry, unknown>> | null)[]) : [];
    return entries.map((entry) => entry ?? {});
  } catch {
    return [];
  }
}

export function wrongShape(what: string): RotationError {
  return new RotationError("wrong-shape", `The value cannot be rotated: ${what}.`);
}
