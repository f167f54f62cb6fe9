import { jsonList, jsonObject, wrongShape } from "./json.ts";
import { newPassword } from "./passwords.ts";
import type { Strategy } from "./protocol.ts";

/** One key of a keyring. */
export interface Key {
  /** Never used again for another key. */
  id: string;
  key: string;
  /** From when on writers use it, in ISO 8601: later than its making, so that every reader knows it by then. */
  activateAt: string;
}

/** A keyring: readers take any of its keys, writers the newest that is active. */
export interface Keyring {
  keys: readonly Key[];
}

/** How the keys of one field live. */
export interface KeyringRule {
  /** The field of the secret that holds the key in use, for readers of one key: `API_KEY`. */
  field: string;
  /** Seconds from making to use: the readers' cache and a rollout together. */
  activationDelaySeconds: number;
  /** Seconds for which a key that is no longer written is still taken: the longest session. */
  overlapSeconds: number;
}

interface KeySecret {
  fields: Readonly<Record<string, unknown>>;
  rings: ReadonlyMap<string, Keyring>;
}

/** The field that holds the ring of `API_KEY`: `API_KEY_RING`. */
export const ringField = (field: string): string => `${field}_RING`;

/** @throws Error with everything that is wrong with `KEYRINGS` */
export function parseKeyrings(text: string): KeyringRule[] {
  const problems: string[] = [];
  const entries = jsonList<KeyringRule>(text);
  if (entries.length === 0) problems.push("is no JSON list with an entry");
  for (const [index, entry] of entries.entries()) {
    if (typeof entry.field !== "string" || entry.field === "") problems.push(`[${index}].field is no text`);
    for (const name of ["activationDelaySeconds", "overlapSeconds"] as const) {
      const seconds = entry[name];
      if (typeof seconds !== "number" || seconds < 0)
        problems.push(`[${index}].${name} is no number of seconds from 0`);
    }
  }
  const fields = entries.flatMap(({ field }) => (typeof field === "string" ? [field] : []));
  for (const field of new Set(fields.filter((name, index) => fields.indexOf(name) !== index)))
    problems.push(`${field} stands there twice`);
  if (problems.length > 0) throw new Error(`The function's variable KEYRINGS: ${problems.join("; ")}.`);
  return entries as KeyringRule[];
}

/**
 * Adds a key to each ring of the secret and drops those that nobody uses any more. A field without a ring begins one with
 * its key.
 */
export function keyring(rules: readonly KeyringRule[], now = () => Date.now()): Strategy<KeySecret> {
  return {
    parse: (text) => parse(text, rules),
    format: ({ fields }) => JSON.stringify(fields),
    create: (current, token) => {
      const changed = rules.map((rule): [KeyringRule, Keyring] => [
        rule,
        nextRing(current, rule, token, now()),
      ]);
      const fields = changed.flatMap(([rule, ring]): [string, unknown][] => [
        [rule.field, newest(ring).key],
        [ringField(rule.field), ring],
      ]);
      return Promise.resolve(
        parse(JSON.stringify({ ...current.fields, ...Object.fromEntries(fields) }), rules),
      );
    },
    // Nobody outside has to be told: the value itself is the key.
    set: (pending, current) => {
      for (const { field } of rules) {
        const kept = new Set(current.rings.get(field)?.keys.map(({ id }) => id));
        if (!pending.rings.get(field)?.keys.some(({ id }) => !kept.has(id))) {
          throw wrongShape(`${ringField(field)} has no new key`);
        }
      }
      return Promise.resolve();
    },
    test: () => Promise.resolve(),
  };
}

function nextRing({ fields, rings }: KeySecret, rule: KeyringRule, token: string, now: number): Keyring {
  const first: Key = { id: "0", key: String(fields[rule.field]), activateAt: new Date(0).toISOString() };
  const keys = rings.get(rule.field)?.keys ?? [first];
  const next: Key = {
    // The token is new for each rotation and the same through its retries.
    id: token,
    key: newPassword(),
    activateAt: new Date(now + rule.activationDelaySeconds * 1000).toISOString(),
  };
  return { keys: [...keys.filter((_, index) => isNeeded(keys, index, rule, now)), next] };
}

/** A key is taken until the overlap after its successor's activation. */
function isNeeded(
  keys: readonly Key[],
  index: number,
  { overlapSeconds }: KeyringRule,
  now: number,
): boolean {
  const successor = keys[index + 1];
  return !successor || Date.parse(successor.activateAt) + overlapSeconds * 1000 > now;
}

function newest({ keys }: Keyring): Key {
  const last = keys.at(-1);
  if (!last) throw wrongShape("a keyring has no key");
  return last;
}

function parse(text: string, rules: readonly KeyringRule[]): KeySecret {
  const fields = jsonObject(text);
  const rings = new Map<string, Keyring>();
  for (const { field } of rules) {
    const key = fields[field];
    if (typeof key !== "string" || key === "") throw wrongShape(`it lacks ${field}`);
    const ring = fields[ringField(field)];
    if (ring === undefined) continue;
    if (!isKeyring(ring))
      throw wrongShape(`${ringField(field)} is no keyring {keys: [{id, key, activateAt}]}`);
    // Whoever reads one key uses it, and the ring would lose it.
    if (newest(ring).key !== key)
      throw wrongShape(
        `${field} is not the last key of ${ringField(field)}: add it there, or write that one into ${field}`,
      );
    rings.set(field, ring);
  }
  return { fields, rings };
}

function isKeyring(value: unknown): value is Keyring {
  const { keys } = (value ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0) return false;
  const isKey = (key: unknown): key is Key => {
    const { id, key: text, activateAt } = (key ?? {}) as Partial<Record<keyof Key, unknown>>;
    return (
      [id, text, activateAt].every((part) => typeof part === "string" && part !== "") &&
      !Number.isNaN(Date.parse(String(activateAt)))
    );
  };
  return keys.every(isKey) && new Set(keys.map(({ id }: Key) => id)).size === keys.length;
}
