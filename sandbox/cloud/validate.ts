/** Checks inputs against what the SDK declares: unknown names, missing ones, wrong kinds, at any depth. */

import { describeKind, parseProperty } from "../schema/kinds.ts";
import type { Kind } from "../schema/kinds.ts";
import type { Schema } from "../schema/schema.ts";
import { nearest, suggestion } from "./nearest.ts";
import { UNKNOWN } from "./rule.ts";
import type { Inputs, Problem } from "./rule.ts";
import { isAsset } from "./wire.ts";

type Declarations = Readonly<Record<string, string>>;

/** Every problem of the inputs; `subject` names the owner in the reasons, e.g. `aws:rds/instance:Instance`. */
export function validate(
  subject: string,
  declared: Declarations,
  inputs: Inputs,
  types: Schema["types"],
): Problem[] {
  const problems: Problem[] = [];
  new Validation(types, problems).object(subject, declared, inputs, "");
  return problems;
}

class Validation {
  readonly #types: Schema["types"];
  readonly #problems: Problem[];

  constructor(types: Schema["types"], problems: Problem[]) {
    this.#types = types;
    this.#problems = problems;
  }

  object(subject: string, declared: Declarations, value: Inputs, path: string): void {
    const known = Object.keys(declared);
    for (const [name, item] of Object.entries(value)) {
      if (name.startsWith("__")) continue;
      const text = declared[name];
      if (text === undefined)
        this.#report(join(path, name), `${subject} has no property "${name}"${suggestion(name, known)}`);
      else if (!isAbsent(item)) this.#value(parseProperty(text).kind, item, join(path, name));
    }
    for (const name of known)
      if (isAbsent(value[name]) && !parseProperty(declared[name] ?? "").optional)
        this.#report(join(path, name), `${subject} requires "${name}"`);
  }

  #value(kind: Kind, value: unknown, path: string): void {
    if (value === UNKNOWN || this.#fits(kind, value, path)) return;
    const hint = kind.of === "literal" && typeof value === "string" ? meant(value, kind.values) : undefined;
    this.#report(path, `expected ${describeKind(kind)}, got ${hint ?? describeValue(value)}`);
  }

  /** Whether the value is of this kind; problems inside it are reported on the way. */
  #fits(kind: Kind, value: unknown, path: string): boolean {
    switch (kind.of) {
      case "any":
        return true;
      case "literal":
        return typeof value === "string" && kind.values.includes(value);
      case "asset":
        return isAsset(value, "asset");
      case "archive":
        return isAsset(value, "archive");
      case "list":
        if (!Array.isArray(value)) return false;
        for (const [index, item] of value.entries()) this.#value(kind.element, item, `${path}[${index}]`);
        return true;
      case "map":
        if (!isRecord(value)) return false;
        for (const [key, item] of Object.entries(value)) this.#value(kind.element, item, join(path, key));
        return true;
      case "object":
        if (!isRecord(value)) return false;
        this.object(path, this.#types[kind.type] ?? {}, value, path);
        return true;
      case "union":
        return this.#union(kind.kinds, value, path);
      default:
        return typeof value === kind.of;
    }
  }

  /** Tries each alternative on its own, so that only the problems of the nearest one are reported. */
  #union(kinds: readonly Kind[], value: unknown, path: string): boolean {
    let fewest: Problem[] | undefined;
    for (const kind of kinds) {
      const problems: Problem[] = [];
      if (!new Validation(this.#types, problems).#fits(kind, value, path)) continue;
      if (fewest === undefined || problems.length < fewest.length) fewest = problems;
    }
    this.#problems.push(...(fewest ?? []));
    return fewest !== undefined;
  }

  #report(property: string, reason: string): void {
    this.#problems.push({ property, reason });
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi's notation of a path; names that are no identifiers are quoted. */
export function join(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}["${name}"]`;
  return path === "" ? name : `${path}.${name}`;
}

/** A misspelt value is told by what it probably meant: it may be a secret. */
function meant(value: string, allowed: readonly string[]): string {
  const best = nearest(value, allowed);
  return best === undefined ? "another string" : `another string; did you mean "${best}"?`;
}

/** The kind of a value, never the value itself: it may be a secret. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
