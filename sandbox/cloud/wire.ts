/** Between google.protobuf.Struct, as the engine speaks it, and plain values. */

import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { Linked } from "./component.ts";
import { bytesOf, structOf } from "./packed.ts";
import { UNKNOWN } from "./rule.ts";
import { readStruct, writeStruct } from "./struct-bytes.ts";

/** Keys and values by which the engine marks special values (pulumi sdk/go/common/resource/sig). */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signatureKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** Whether a plain value is an asset or an archive. */
export function isAsset(value: unknown, kind: "asset" | "archive"): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, signatureKey) === signatures[kind];
}

/** How special values are read: `plain` drops secrets' wrapping, `linked` keeps secrets and dependencies as `Linked`. */
type Reading = "plain" | "linked";

/** A struct as a plain object; nulls are left out. */
export function decode(message: Struct | undefined, reading: Reading = "plain"): Record<string, unknown> {
  return message === undefined ? {} : readStruct(bytesOf(message), readings[reading]);
}

/** Some fields of a struct as a plain object: state is large, and most calls need little of it. */
export function pick(message: Struct | undefined, names: readonly string[]): Record<string, unknown> {
  return message === undefined ? {} : readStruct(bytesOf(message), readings.plain, names);
}

const readings = {
  plain: { text: known, object: (object: Record<string, unknown>) => special(object, "plain") },
  linked: { text: known, object: (object: Record<string, unknown>) => special(object, "linked") },
} as const;

function known(text: string): unknown {
  return text === unknownText ? UNKNOWN : text;
}

function special(object: Record<string, unknown>, reading: Reading): unknown {
  switch (object[signatureKey]) {
    case signatures.secret:
      return reading === "linked" ? new Linked(object["value"], [], true) : object["value"];
    case signatures.output: {
      const value = "value" in object ? object["value"] : UNKNOWN;
      const dependencies = (object["dependencies"] ?? []) as string[];
      return reading === "linked" ? new Linked(value, dependencies, object["secret"] === true) : value;
    }
    case signatures.resource:
      return reading === "linked" ? object : (object["id"] ?? object["urn"]);
    default:
      return object;
  }
}

/** A plain object as a struct; undefined and null values are left out, `Linked` ones become output values. */
export function encode(object: Readonly<Record<string, unknown>>): Struct {
  return structOf(writeStruct(object, unmarked));
}

function unmarked(value: unknown): unknown {
  if (value === UNKNOWN) return unknownText;
  return value instanceof Linked ? linked(value) : value;
}

function linked({ value, dependencies, secret }: Linked): Record<string, unknown> {
  return {
    [signatureKey]: signatures.output,
    ...(value !== UNKNOWN && { value }),
    ...(secret && { secret }),
    ...(dependencies.length > 0 && { dependencies }),
  };
}

/** A reference to a resource, as outputs such as a component's `vpc` hold it. */
export function resourceReference(urn: string, id: unknown): Record<string, unknown> {
  return { [signatureKey]: signatures.resource, urn, id: id === UNKNOWN ? unknownText : id };
}

/** A secret as it travels. */
export function secretValue(value: unknown): Record<string, unknown> {
  return { [signatureKey]: signatures.secret, value };
}

/** Whether a value holds `UNKNOWN` at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return value !== null && typeof value === "object" && Object.values(value).some(containsUnknown);
}
