import type { Snapshot } from "../../policies/core/snapshot.ts";
import { HIDDEN, type Preview, type Properties, type State } from "./preview.ts";

/** Shorter texts stand in innocent ones by chance. */
const MIN_LENGTH = 8;
/** From here on, a short text is looked for where it is the whole of a value. */
const MIN_WHOLE_LENGTH = 4;
/** Fields of a secret's JSON that are secret themselves; the others say where and who. */
const SECRET_FIELD = /pass|secret|token|credential|key/i;
const URL_PASSWORD = /^\w+:\/\/[^/\s:@]*:([^/\s@]+)@/;

/** A key of the configuration, and where within its value, if that is an object: `["macro-ai:database", "password"]`. */
export type ConfigPath = readonly [key: string, ...within: string[]];

/** What a stack's file has encrypted of its configuration. */
export function encryptedIn(config: object): ConfigPath[] {
  return Object.entries(config).flatMap(([key, value]) =>
    encryptedPaths(value).map((within): ConfigPath => [key, ...within]),
  );
}

function encryptedPaths(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  if ("secure" in value) return [[]];
  return Object.entries(value).flatMap(([name, part]) => encryptedPaths(part).map((path) => [name, ...path]));
}

/** What no output may show. */
export interface Secrets {
  /** Taken out of every text, the longest first. */
  readonly texts: readonly string[];
  /** Too short for that: hidden where they are the whole of a value, or stand in quotation marks. */
  readonly short: readonly string[];
}

/** Where nothing is known of any. */
export const NO_SECRETS: Secrets = { texts: [], short: [] };

/** The values of a recorded preview's secrets, taken apart: what the engine marked, and what lies at these places of the configuration. */
export function secretValues(
  { declared, occasion }: Snapshot,
  configuration: readonly ConfigPath[],
): Secrets {
  const values = new Set<string>();
  for (const { inputs, secrets } of declared)
    for (const path of secrets) for (const text of textsIn(at(inputs, path))) learn(text, values);
  for (const [key, ...within] of configuration) {
    const value = occasion.stack[key];
    if (value === undefined) continue;
    if (within.length === 0) learn(value, values);
    const part = within.reduce<unknown>(
      (found, step) => (found as Properties | undefined)?.[step],
      jsonIn(value),
    );
    for (const text of textsIn(part)) learn(text, values);
  }
  const all = [...values].filter((value) => value.length >= MIN_WHOLE_LENGTH);
  const isLong = (value: string): boolean => value.length >= MIN_LENGTH;
  return {
    // One may be part of another.
    texts: [...new Set(all.filter(isLong).flatMap(formsOf))].toSorted(
      (one, other) => other.length - one.length,
    ),
    short: all.filter((value) => !isLong(value)),
  };
}

/** A text as it stands within JSON, a URL, and encoded. */
function formsOf(text: string): string[] {
  const encoded = Buffer.from(text).toString("base64").replace(/=+$/, "");
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), encoded];
}

/** The same data without the secrets, wherever they stand in its texts. */
export function scrubbed<Data>(data: Data, { texts, short }: Secrets): Data {
  const quoted = short.map((text) => JSON.stringify(text));
  return withTexts(data, (value) => {
    const known = texts.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
    return quoted.reduce((text, secret) => text.replaceAll(secret, JSON.stringify(HIDDEN)), known);
  });
}

/** A preview without the secrets in what it shows; its names and operations stay, so that it can be read. */
export function scrubbedPreview(preview: Preview, secrets: Secrets): Preview {
  const short = new Set(secrets.short);
  const hide = (properties: Properties): Properties =>
    withTexts(scrubbed(properties, secrets), (value) => (short.has(value) ? HIDDEN : value));
  const shown = (state: State): State => ({
    ...state,
    ...(state.inputs && { inputs: hide(state.inputs) }),
    ...(state.outputs && { outputs: hide(state.outputs) }),
  });
  return {
    ...preview,
    diagnostics: scrubbed(preview.diagnostics, secrets),
    steps: preview.steps.map((step) => ({
      ...step,
      ...(step.oldState && { oldState: shown(step.oldState) }),
      ...(step.newState && { newState: shown(step.newState) }),
    })),
  };
}

function withTexts<Data>(data: Data, change: (text: string) => string): Data {
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  return walk(data) as Data;
}

function learn(text: string, values: Set<string>): void {
  if (text === HIDDEN) return;
  const fields = jsonIn(text) ?? {};
  for (const [key, field] of Object.entries(fields))
    if (typeof field === "string" && (SECRET_FIELD.test(key) || URL_PASSWORD.test(field)))
      learn(field, values);
  values.add(text);
  const password = URL_PASSWORD.exec(text)?.[1];
  if (password === undefined) return;
  values.add(password);
  values.add(decoded(password));
}

/** Percent signs that encode nothing stay as they are. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
}

/** The object or list that a text holds as JSON. */
function jsonIn(text: string): object | undefined {
  if (!/^[{[]/.test(text)) return undefined;
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
