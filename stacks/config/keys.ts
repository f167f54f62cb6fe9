import * as z from "zod";
import { keyText, type Path } from "./commands.ts";
import { type Field, fieldOf, type FieldValue, unwrap } from "./fields.ts";
import { schema } from "./schema.ts";

/** A key that holds one value. */
export interface Key {
  readonly path: Path;
  readonly field: Field;
  readonly schema: z.core.$ZodType;
  /** Undefined when there is none, or when it follows from environment and scale. */
  readonly default: FieldValue | undefined;
  readonly required: boolean;
}

/** A key that holds other keys. */
export interface Group {
  readonly name: string;
  readonly members: ReadonlyMap<string, Key>;
}

/** Every key and group at the top of the namespace, in the schema's order. */
export const keys: ReadonlyMap<string, Key | Group> = new Map<string, Key | Group>(
  Object.entries<z.core.$ZodType>(schema.shape).map(([name, declared]) => {
    const inner = unwrap(declared);
    if (!(inner instanceof z.ZodObject)) return [name, keyOf([name], declared)];
    const shape = Object.entries<z.core.$ZodType>(inner.shape);
    return [name, { name, members: new Map(shape.map(([nested, s]) => [nested, keyOf([name, nested], s)])) }];
  }),
);

export function isGroup(entry: Key | Group): entry is Group {
  return "members" in entry;
}

/** All keys that hold one value, groups opened. */
export function singleKeys(): readonly Key[] {
  return [...keys.values()].flatMap((entry) => (isGroup(entry) ? [...entry.members.values()] : [entry]));
}

/** A value to use where nobody has the account's own: it passes every check and is of no use on AWS. */
export interface StandIn {
  /** The full key, e.g. `macro-ai:openaiApiKey`. */
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** Stand-ins for every secret that some stack needs, and for what else only the account's owner knows. */
export function standIns(): readonly StandIn[] {
  return singleKeys()
    .filter(({ field }) => field.ownersOnly === true && field.secretOf?.length !== 0)
    .map(({ path, field }) => ({
      key: keyText(path),
      value: String(field.example),
      secret: field.secretOf !== undefined,
    }));
}

/** The secrets among the stand-ins: full key and invented value. */
export function secretExamples(): Readonly<Record<string, string>> {
  return Object.fromEntries(standIns().flatMap(({ key, value, secret }) => (secret ? [[key, value]] : [])));
}

/** The full keys of all secrets, those included that a stack can do without. */
export function secretKeys(): readonly string[] {
  return singleKeys().flatMap(({ path, field }) => (field.secretOf === undefined ? [] : [keyText(path)]));
}

function keyOf(path: Path, declared: z.core.$ZodType): Key {
  const field = fieldOf(declared);
  if (field === undefined) throw new Error(`The configuration key ${path.join(".")} has no description.`);
  const preset = declared instanceof z.core.$ZodDefault ? declared._zod.def.defaultValue : undefined;
  return {
    path,
    field,
    schema: declared,
    default: isFieldValue(preset) ? preset : undefined,
    required: !(declared instanceof z.core.$ZodDefault || declared instanceof z.core.$ZodOptional),
  };
}

function isFieldValue(value: unknown): value is FieldValue {
  return ["string", "number", "boolean"].includes(typeof value);
}
