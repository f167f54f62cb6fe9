import * as z from "zod";
import { keyText, namespace, type Path } from "./commands.ts";
import type { FieldValue } from "./fields.ts";
import { type Group, isGroup, type Key, keys, singleKeys } from "./keys.ts";
import { closest } from "./nearest.ts";
import type { Finding } from "./problems.ts";

/** What one look at every key by itself gives. */
export interface Reading {
  /** The values as they are, a wrong one replaced by the value its fix would set. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

/**
 * Checks each key by itself. Values come as Pulumi hands them to a program: text, a group as JSON, all under
 * full names; other namespaces' keys are passed over.
 */
export function readKeys(
  raw: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  stackName: string,
): Reading {
  const own = new Map(
    Object.entries(raw).flatMap(([key, value]) => ownNames(key).map((name) => [name, value])),
  );
  const encrypted = new Set(secretKeys.flatMap(ownNames));
  const known = [...keys].map(([name, entry]) =>
    isGroup(entry)
      ? readGroup(entry, own.get(name), encrypted.has(name))
      : readKey(entry, own.get(name), { encrypted: encrypted.has(name), stackName }),
  );
  const unknown = [...own]
    .filter(([name]) => !keys.has(name))
    .map(([name, value]) => pathless(name, value, encrypted.has(name)) ?? unknownKey([name]));
  return {
    values: Object.assign({}, ...known.map((reading) => reading.values)) as Readonly<Record<string, unknown>>,
    findings: [...known.flatMap((reading) => reading.findings), ...unknown],
  };
}

/** The key as the schema calls it: without this project's namespace; nothing for a key that is none of its business. */
function ownNames(key: string): string[] {
  if (key.startsWith(`${namespace}:`)) return [key.slice(namespace.length + 1)];
  return keys.has(key) ? [key] : [];
}

const nothing: Reading = { values: {}, findings: [] };

function readGroup(group: Group, value: string | undefined, encrypted: boolean): Reading {
  if (value === undefined) return nothing;
  const path = [group.name] as const;
  const remove = [{ change: "remove", path }] as const;
  if (encrypted) {
    const says = "holds a secret, but all that belongs here is shown in previews.";
    return { values: {}, findings: [{ path, says, fixes: remove }] };
  }
  const content = parseJson(value);
  if (!isRecord(content)) {
    const [first] = group.members.keys();
    const allowed = `a group of keys: ${[...group.members.keys()].join(", ")}, each set by itself, for example ${namespace}:${group.name}.${first ?? ""}`;
    return {
      values: {},
      findings: [{ path, says: `is ${shown(value)}, not a group.`, allowed, fixes: remove }],
    };
  }
  const members = Object.entries(content).map(([name, item]): Reading => {
    const key = group.members.get(name);
    return key === undefined
      ? { values: {}, findings: [unknownKey([group.name, name])] }
      : readKey(key, item, { encrypted: false, stackName: "" });
  });
  return {
    values: { [group.name]: Object.assign({}, ...members.map((reading) => reading.values)) as unknown },
    findings: members.flatMap((reading) => reading.findings),
  };
}

interface Circumstances {
  readonly encrypted: boolean;
  readonly stackName: string;
}

function readKey(key: Key, value: unknown, { encrypted, stackName }: Circumstances): Reading {
  if (value === undefined && !key.required) return nothing;
  if (value === undefined) return repaired(key, stackName, "is missing.");
  if (key.field.secretOf !== undefined) return readSecret(key, value, encrypted);
  if (encrypted) {
    const says = "is stored as a secret, but it is shown in names, tags or previews.";
    return {
      ...readingOf(key, key.field.example),
      findings: [
        { path: key.path, says, allowed: key.field.allowed, fixes: [{ change: "ask", path: key.path }] },
      ],
    };
  }
  const result = z.safeParse(key.schema, value, { reportInput: true });
  if (result.success) return readingOf(key, value);
  const objection = result.error.issues.map(objectionOf).find((text) => text !== undefined);
  return repaired(key, value, `is ${shown(value)}${objection === undefined ? "." : `: ${objection}.`}`);
}

function readSecret(key: Key, value: unknown, encrypted: boolean): Reading {
  const { path, field } = key;
  const fixes = [{ change: "setSecret", path }] as const;
  const withFinding = (says: string): Reading => ({
    ...readingOf(key, field.example),
    findings: [{ path, says, fixes }],
  });
  if (!encrypted) {
    return withFinding(
      "is stored in plain text. Who can read the stack's file has it: issue a new one, and store it encrypted.",
    );
  }
  return z.safeParse(key.schema, value).success
    ? readingOf(key, value)
    : withFinding(`does not look like ${field.allowed}. Its value is not shown.`);
}

function readingOf({ path: [top, nested] }: Key, value: unknown): Reading {
  return { values: { [nested ?? top]: value }, findings: [] };
}

function repaired(key: Key, wrong: unknown, says: string): Reading {
  const { path, field } = key;
  const value = field.suggest(wrong);
  return {
    ...readingOf(key, value),
    findings: [{ path, says, allowed: field.allowed, fixes: [{ change: "set", path, value }] }],
  };
}

/** What the list of allowed values does not tell by itself. */
function objectionOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "custom") return issue.message;
  const isNumber =
    issue.code === "invalid_type" && issue.expected === "string" && typeof issue.input === "number";
  return isNumber ? "as a number it may have lost a zero; the command stores it as text" : undefined;
}

/** A member of a group that was set without `--path`, which makes it a key of its own with a dot in its name. */
function pathless(name: string, value: string, encrypted: boolean): Finding | undefined {
  const member = singleKeys().find(({ path }) => path.length === 2 && path.join(".") === name);
  if (member === undefined) return undefined;
  const { path, schema } = member;
  const isRight = !encrypted && z.safeParse(schema, value).success;
  return {
    path: [name],
    says: `was set without --path, and so not within the group ${namespace}:${path[0]}: nothing reads it.`,
    fixes: [{ change: "remove", path: [name] }],
    next: isRight ? { change: "set", path, value } : { change: "ask", path },
  };
}

function unknownKey(path: Path): Finding {
  const near = nearestKey(path);
  return {
    path,
    says: `is not a key of this project${near === undefined ? "." : `; the nearest is ${near}.`}`,
    fixes: [{ change: "remove", path }],
  };
}

/** Looks among the neighbours first, then for the same name at another level. */
function nearestKey([top, nested]: Path): string | undefined {
  const group = keys.get(top);
  const neighbours =
    nested !== undefined && group !== undefined && isGroup(group)
      ? [...group.members.keys()]
      : [...keys.keys()];
  const name = nested ?? top;
  const elsewhere = singleKeys().find(({ path }) => path.at(-1) === name);
  if (elsewhere !== undefined) return keyText(elsewhere.path);
  const near = closest(name, neighbours);
  return near === undefined ? undefined : keyText(nested === undefined ? [near] : [top, near]);
}

/** The value as text for a message, unless it might be a secret in the wrong place. */
function shown(value: unknown): string {
  const written = JSON.stringify(value);
  if (secretShapes.some((shape) => shape.test(written)))
    return "a value that looks like a secret (not shown)";
  return written.length > longest
    ? `${written.slice(0, longest)}... (${written.length} characters)`
    : written;
}

const longest = 80;

/** Keys of known issuers, and URLs with a password. */
const secretShapes = [/sk-[\w-]{8}/, /:\/\/[^/\s]*:[^/\s]*@/];

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, FieldValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
