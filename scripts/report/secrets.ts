import type { Snapshot } from "../../policies/core/snapshot.ts";
import { HIDDEN } from "./preview.ts";

/** Shorter texts stand in innocent ones by chance. */
const MIN_LENGTH = 8;
/** Fields of a secret's JSON that are secret themselves; the others say where and who. */
const SECRET_FIELD = /pass|secret|token|credential|key/i;
const URL_PASSWORD = /^\w+:\/\/[^/\s:@]*:([^/\s@]+)@/;

/** The values of a recorded preview's secrets: what the engine marked, taken apart. */
export function secretValues({ declared }: Snapshot): string[] {
  const values = new Set<string>();
  for (const { inputs, secrets } of declared)
    for (const path of secrets) for (const text of textsIn(at(inputs, path))) learn(text, values);
  // The longest first: one may be part of another.
  return [...values].toSorted((one, other) => other.length - one.length);
}

/** The same data without these texts, wherever they stand in it. */
export function scrubbed<Data>(data: Data, secrets: readonly string[]): Data {
  if (secrets.length === 0) return data;
  const scrub = (value: unknown): unknown => {
    if (typeof value === "string")
      return secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrub(item)]));
  };
  return scrub(data) as Data;
}

function learn(text: string, values: Set<string>): void {
  if (text === HIDDEN) return;
  const fields = fieldsOf(text);
  for (const [key, field] of Object.entries(fields ?? {}))
    if (typeof field === "string" && (SECRET_FIELD.test(key) || URL_PASSWORD.test(field)))
      learn(field, values);
  for (const secret of [text, URL_PASSWORD.exec(text)?.[1]])
    if (secret !== undefined && secret.length >= MIN_LENGTH) values.add(secret);
}

function fieldsOf(text: string): object | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What lies at a path as the pack writes it: `environment.variables["A.B"][0]`. */
function at(inputs: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)];
  let found = inputs;
  for (const [, quoted, index, name] of steps) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[quoted ?? index ?? name ?? ""];
  }
  return found;
}
