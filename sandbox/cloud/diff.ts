/** What changed between two sets of checked inputs, and what of it replaces the resource. */

import { isDeepStrictEqual } from "node:util";
import { parseProperty } from "../schema/kinds.ts";
import type { ResourceDeclaration } from "../schema/schema.ts";
import { defaultsKey, isInvented } from "./names.ts";
import { UNKNOWN } from "./rule.ts";
import type { Inputs, Rule } from "./rule.ts";
import { join } from "./validate.ts";

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

export interface Difference {
  /** By path, e.g. `tags.Name`, `ingress[0].fromPort`. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Top-level inputs that force the replacement; empty for an update in place. */
  readonly replaces: readonly string[];
  /** pulumi-aws deletes first when a name that was not invented stays the same: it would collide with itself. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs of the last run (or of a refresh) with the ones wanted now. */
export function diffInputs(
  rule: Rule,
  declaration: ResourceDeclaration,
  olds: Inputs,
  news: Inputs,
): Difference {
  const comparison = new Comparison(rule.sets ?? []);
  comparison.objects("", heldInputs(rule, declaration, olds, news), news);
  const replacing = replacingPaths(rule, declaration);
  const changes = new Map<string, Change>();
  for (const [path, { kind, values }] of comparison.found) {
    const replaces = replacing.some((pattern) => touches(generalize(path), values, pattern));
    changes.set(path, { kind, replaces });
  }
  const replaces = new Set<string>();
  for (const [path, change] of changes) if (change.replaces) replaces.add(topLevel(path));
  return {
    changes,
    replaces: [...replaces],
    deleteBeforeReplace: replaces.size > 0 && keepsFixedName(rule, olds, news),
  };
}

/** The first step of a path. */
export function topLevel(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** The old inputs without those that may be taken away with no effect: AWS keeps an optional value that it also computes. */
function heldInputs(rule: Rule, declaration: ResourceDeclaration, olds: Inputs, news: Inputs): Inputs {
  const held: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(olds)) {
    const output = declaration.outputs[name];
    const computed = output !== undefined && !parseProperty(output).optional && name !== "tagsAll";
    const kept = computed && rule.defaults?.[name] === undefined && news[name] === undefined;
    if (!kept) held[name] = value;
  }
  return held;
}

interface Found {
  readonly kind: ChangeKind;
  /** What was there and what shall be there. */
  readonly values: readonly unknown[];
}

/** Walks through two values and collects where they differ. */
class Comparison {
  readonly found = new Map<string, Found>();
  readonly #sets: ReadonlySet<string>;

  constructor(sets: readonly string[]) {
    this.#sets = new Set(sets);
  }

  objects(path: string, olds: Inputs, news: Inputs): void {
    for (const name of new Set([...Object.keys(olds), ...Object.keys(news)]))
      if (name !== defaultsKey) this.#values(join(path, name), olds[name], news[name]);
  }

  #values(path: string, old: unknown, wanted: unknown): void {
    if (isNothing(old) && isNothing(wanted)) return;
    if (isNothing(old)) this.found.set(path, { kind: "add", values: [wanted] });
    else if (isNothing(wanted)) this.found.set(path, { kind: "delete", values: [old] });
    else if (Array.isArray(old) && Array.isArray(wanted))
      if (this.#sets.has(generalize(path))) this.#unordered(path, old, wanted);
      else this.#lists(path, old, wanted);
    else if (isRecord(old) && isRecord(wanted)) this.objects(path, old, wanted);
    else if (wanted === UNKNOWN || (old !== wanted && !isSameJson(old, wanted)))
      this.found.set(path, { kind: "update", values: [old, wanted] });
  }

  #lists(path: string, olds: readonly unknown[], news: readonly unknown[]): void {
    for (let index = 0; index < Math.max(olds.length, news.length); index++)
      this.#values(`${path}[${index}]`, olds[index], news[index]);
  }

  #unordered(path: string, olds: readonly unknown[], news: readonly unknown[]): void {
    const left = [...olds.entries()];
    for (const [index, wanted] of news.entries()) {
      const same = left.findIndex(([, old]) => isDeepStrictEqual(old, wanted));
      if (same >= 0) left.splice(same, 1);
      else this.found.set(`${path}[${index}]`, { kind: "add", values: [wanted] });
    }
    for (const [index, old] of left) {
      const element = `${path}[${index}]`;
      const added = this.found.get(element);
      const kind = added === undefined ? "delete" : "update";
      this.found.set(element, { kind, values: [old, ...(added?.values ?? [])] });
    }
  }
}

/** A path as rules name it: any element stands for all. */
function generalize(path: string): string {
  return path.replace(/\[\d+\]/g, "[*]");
}

/** AWS's provider takes documents that differ only in layout for the same. */
function isSameJson(old: unknown, wanted: unknown): boolean {
  if (typeof old !== "string" || typeof wanted !== "string") return false;
  if (!/^\s*[[{]/.test(old) || !/^\s*[[{]/.test(wanted)) return false;
  try {
    return isDeepStrictEqual(JSON.parse(old), JSON.parse(wanted));
  } catch {
    return false;
  }
}

function replacingPaths(rule: Rule, declaration: ResourceDeclaration): readonly string[] {
  const name = rule.name?.property;
  const named = name === undefined ? [] : [name, `${name}Prefix`];
  const all = [...(rule.replaceOn ?? []), ...(declaration.replaceOn ?? []), ...named, "region"];
  return all.filter((path) => rule.updateOn?.includes(path) !== true);
}

/** Whether a change of these values at this path touches what the pattern names. */
function touches(path: string, values: readonly unknown[], pattern: string): boolean {
  if (path === pattern || isWithin(path, pattern)) return true;
  return isWithin(pattern, path) && values.some((value) => holds(value, pattern.slice(path.length)));
}

function isWithin(path: string, parent: string): boolean {
  return path.startsWith(parent) && /^[.[]/.test(path.slice(parent.length));
}

/** Whether there is anything at the rest of a pattern, e.g. `[*].port`, inside a value. */
function holds(value: unknown, rest: string): boolean {
  if (isNothing(value)) return false;
  if (rest === "" || value === UNKNOWN) return true;
  if (rest.startsWith("[*]"))
    return Array.isArray(value) && value.some((item) => holds(item, rest.slice("[*]".length)));
  const [step = "", name = ""] = /^\.([^.[]+)/.exec(rest) ?? [];
  return step !== "" && isRecord(value) && holds(value[name], rest.slice(step.length));
}

function keepsFixedName(rule: Rule, olds: Inputs, news: Inputs): boolean {
  if (rule.name === undefined || rule.name.scope === "none") return false;
  const name = news[rule.name.property];
  return name !== undefined && name === olds[rule.name.property] && !isInvented(rule.name, news);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
