import { UnknownValueError } from "@pulumi/policy";

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

/**
 * Copies a resource's properties with {@link UNKNOWN} for each value that is not known yet. The SDK's own proxy throws
 * at the first one that is touched, which ends the whole check and hides what the other properties would show.
 */
export function see(properties: object): Record<string, unknown> {
  const keys = Object.keys(properties);
  return Object.fromEntries(
    keys.map((key) => [key, seeProperty(properties as Record<string, unknown>, key)]),
  );
}

function seeProperty(owner: Record<string, unknown>, key: string): unknown {
  let value: unknown;
  try {
    value = owner[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return see(value);
  const list = value as unknown[];
  return Array.from({ length: list.length }, (_, index) =>
    seeProperty(list as unknown as Record<string, unknown>, String(index)),
  );
}
