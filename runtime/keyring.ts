import { createHash, timingSafeEqual } from "node:crypto";
import { malformed } from "./secret-failures.ts";
import type { SecretValue } from "./secret-fetching.ts";
import type { Secrets } from "./secrets.ts";

/** One key of a keyring. */
export interface Key {
  /** Never used again for another key. */
  readonly id: string;
  readonly key: string;
  /** From when on writers use it, in ISO 8601. */
  readonly activateAt: string;
}

/** The keys of one purpose through their rotations. Reads the secret, from the cache mostly, with each call. */
export interface Keyring {
  /** What readers take, the newest first: keys that are not written yet, and those that no longer are. */
  accepted: () => Promise<readonly Key[]>;
  /** What writers use: the newest key that is active. */
  current: () => Promise<Key>;
  /** The key that somebody presents, if it is one that is taken. Takes the same time whatever is presented. */
  find: (presented: string) => Promise<Key | undefined>;
}

/** What callers of the API present. */
export const apiKeys = (config: { readonly secrets: Secrets }): Keyring => keyring(config.secrets, "API_KEY");

/** What cookies are encrypted with. */
export const cookieKeys = (config: { readonly secrets: Secrets }): Keyring =>
  keyring(config.secrets, "COOKIE_ENCRYPTION_KEY");

function keyring(secrets: Secrets, field: "API_KEY" | "COOKIE_ENCRYPTION_KEY"): Keyring {
  const accepted = async () => keysOf(await secrets.read("api-keys"), field);
  return {
    accepted,
    current: async () => {
      const keys = await accepted();
      const [active] = keys.filter(({ activateAt }) => Date.parse(activateAt) <= Date.now());
      // A ring whose first key lies in the future has no other to write with.
      return active ?? oldest(keys);
    },
    find: async (presented) => {
      const matches = (await accepted()).filter(({ key }) => isSame(key, presented));
      return matches[0];
    },
  };
}

/**
 * The ring in a secret, the newest key first; the single key where nothing has been rotated yet.
 *
 * @throws SecretError
 */
function keysOf({ fields }: SecretValue, field: string): readonly Key[] {
  const ring = fields[`${field}_RING`];
  if (ring !== undefined) {
    if (!isKeyring(ring)) throw malformed("api-keys", `${field}_RING is no keyring`);
    return ring.keys.toReversed();
  }
  const key = fields[field];
  if (typeof key !== "string" || key === "") throw malformed("api-keys", `it lacks ${field}`);
  return [{ id: "0", key, activateAt: new Date(0).toISOString() }];
}

function oldest(keys: readonly Key[]): Key {
  const last = keys.at(-1);
  if (!last) throw malformed("api-keys", "a keyring is empty");
  return last;
}

/** Whether it is `{keys: [{id, key, activateAt}]}` as rotation writes it: at least one key, and no id twice. */
export function isKeyring(value: unknown): value is { readonly keys: readonly Key[] } {
  const { keys } = (value ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isKey)) return false;
  return new Set(keys.map(({ id }) => id)).size === keys.length;
}

function isKey(value: unknown): value is Key {
  const { id, key, activateAt } = (value ?? {}) as Partial<Record<keyof Key, unknown>>;
  return (
    [id, key, activateAt].every((part) => typeof part === "string" && part !== "") &&
    !Number.isNaN(Date.parse(String(activateAt)))
  );
}

/** Digests are of one length, which timingSafeEqual demands. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
