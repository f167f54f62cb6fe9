/** Between google.protobuf.Struct, as the engine speaks it, and plain values. */

import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ListValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import { Linked } from "./component.ts";
import { UNKNOWN } from "./rule.ts";

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
  return message === undefined ? {} : decodeFields(message, reading);
}

/** Some fields of a struct as a plain object: state is large, and most calls need little of it. */
export function pick(message: Struct | undefined, names: readonly string[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const name of names) {
    const value = message?.getFieldsMap().get(name);
    const item = value === undefined ? undefined : decodeValue(value, "plain");
    if (item !== undefined) object[name] = item;
  }
  return object;
}

function decodeFields(message: Struct, reading: Reading): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  message.getFieldsMap().forEach((value, key) => {
    const item = decodeValue(value, reading);
    if (item !== undefined) object[key] = item;
  });
  return object;
}

function decodeValue(value: Value, reading: Reading): unknown {
  switch (value.getKindCase()) {
    case struct.Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return text === unknownText ? UNKNOWN : text;
    }
    case struct.Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case struct.Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case struct.Value.KindCase.LIST_VALUE:
      return decodeList(value.getListValue(), reading);
    case struct.Value.KindCase.STRUCT_VALUE: {
      const fields = value.getStructValue();
      return fields === undefined ? {} : special(decodeFields(fields, reading), reading);
    }
    default:
      return undefined;
  }
}

function decodeList(list: ListValue | undefined, reading: Reading): unknown[] {
  return list?.getValuesList().map((item) => decodeValue(item, reading) ?? null) ?? [];
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
  const message = new struct.Struct();
  const fields = message.getFieldsMap();
  for (const [key, value] of Object.entries(object))
    if (value !== undefined && value !== null) fields.set(key, encodeValue(value));
  return message;
}

function encodeValue(value: unknown): Value {
  const message = new struct.Value();
  if (value === UNKNOWN) message.setStringValue(unknownText);
  else if (typeof value === "string") message.setStringValue(value);
  else if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (Array.isArray(value)) message.setListValue(encodeList(value));
  else if (value instanceof Linked) message.setStructValue(encode(linked(value)));
  else if (value instanceof Object) message.setStructValue(encode(value as Record<string, unknown>));
  else message.setNullValue(struct.NullValue.NULL_VALUE);
  return message;
}

function encodeList(values: readonly unknown[]): ListValue {
  const list = new struct.ListValue();
  list.setValuesList(values.map(encodeValue));
  return list;
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
