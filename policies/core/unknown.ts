/** Stands where a preview cannot know a value. */
export const UNKNOWN: unique symbol = Symbol("known only in the update");
export type Unknown = typeof UNKNOWN;

type Leaf = string | number | boolean | bigint | symbol | null | undefined;

/** `T` as a preview shows it: any part of it may be unknown, and the compiler asks each rule what it does then. */
export type Seen<T> = T extends Leaf
  ? T | Unknown
  : T extends readonly (infer Element)[]
    ? Seen<Element>[] | Unknown
    : { [Key in keyof T]: Seen<T[Key]> } | Unknown;

/** True where the value is known, absent included. */
export function isKnown<T>(value: T): value is Exclude<T, Unknown> {
  return value !== UNKNOWN;
}

/** A list's elements; none where the list is absent or unknown. */
export function elements<T>(list: T[] | Unknown | null | undefined): T[] {
  return isKnown(list) ? (list ?? []) : [];
}

/** The known ones among a list's elements. */
export function known<T>(list: T[] | Unknown | null | undefined): Exclude<T, Unknown>[] {
  return elements(list).filter(isKnown);
}

/** What the engine sends for a value that is not known yet, by the kind of the value (@pulumi/policy, proxy.js). */
export const SENTINELS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Told of each unknown value that a rule reads: `ingress[0].cidrBlocks`. */
export type OnUnknown = (path: string) => void;

/**
 * A resource's properties with {@link UNKNOWN} for each value that is not known yet. The SDK's own proxy throws at the
 * first one that is touched, which ends the whole check and hides what the other properties would show. What holds
 * nothing unknown is not copied.
 */
export function see(properties: object, onUnknown: OnUnknown = () => undefined): Record<string, unknown> {
  return seeValue(unwrapped(properties), "", onUnknown) as Record<string, unknown>;
}

/** Whether a property of what {@link see} gave is unknown, without counting as having read it. */
export function isUnread(properties: Record<string, unknown>, key: string): boolean {
  return Object.getOwnPropertyDescriptor(properties, key)?.get !== undefined;
}

/** A resource's properties as the engine sent them, with its own marks for what is unknown. */
export function plain(properties: object): Record<string, unknown> {
  return unwrapped(properties) as Record<string, unknown>;
}

/** What lies behind the SDK's proxies, each read of which would cost a new proxy: one for unknown values around one for secrets. */
function unwrapped(properties: object): object {
  const target = (properties as { __getSpecialProxyTarget?: unknown }).__getSpecialProxyTarget;
  return typeof target === "object" && target !== null ? unwrapped(target) : properties;
}

function seeValue(value: unknown, path: string, onUnknown: OnUnknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const owner = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(owner)) {
    const property = owner[key];
    const isUnknown = SENTINELS.has(property);
    if (!isUnknown && (typeof property !== "object" || property === null)) continue;
    const where = pathTo(owner, path, key);
    const seen = isUnknown ? UNKNOWN : seeValue(property, where, onUnknown);
    if (seen === property) continue;
    copy ??= (Array.isArray(owner) ? [...(owner as unknown[])] : { ...owner }) as Record<string, unknown>;
    if (isUnknown) Object.defineProperty(copy, key, unknownProperty(where, onUnknown));
    else copy[key] = seen;
  }
  return copy ?? value;
}

/** The path of a property or an element of what stands at a path. */
export function pathTo(owner: object, path: string, key: string): string {
  if (Array.isArray(owner)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function unknownProperty(path: string, onUnknown: OnUnknown): PropertyDescriptor {
  return {
    enumerable: true,
    configurable: true,
    get: () => {
      onUnknown(path);
      return UNKNOWN;
    },
  };
}
