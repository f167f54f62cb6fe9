/** Physical names: invented as pulumi-aws invents them, and AWS's limits. */

import { createHash } from "node:crypto";
import { UNKNOWN } from "./rule.ts";
import type { Inputs, NameRule, Problem } from "./rule.ts";

/** What the engine's configuration asks of invented names (`pulumi:autonaming`). */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposed: string;
}

export interface NameRequest {
  /** Logical name. */
  readonly name: string;
  readonly inputs: Inputs;
  /** Checked inputs of the last run; an invented name in them is kept. */
  readonly oldInputs: Inputs | undefined;
  /** What the engine gives so that a preview and its update invent the same name. */
  readonly seed: Uint8Array;
  readonly autonaming: Autonaming | undefined;
}

/** Digits after an invented name. */
const randomDigits = 7;

/** The input under which checked inputs list the properties that were invented, as pulumi-aws does. */
export const defaultsKey = "__defaults";

/** Whether the name among checked inputs was invented. */
export function isInvented(rule: NameRule, inputs: Inputs): boolean {
  const defaults = inputs[defaultsKey];
  return Array.isArray(defaults) && defaults.includes(rule.property);
}

/** The inputs with a name where one is to be invented, and what is wrong with the name. */
export function nameInputs(rule: NameRule, request: NameRequest): { inputs: Inputs; problems: Problem[] } {
  const { inputs } = request;
  const { property } = rule;
  const given = inputs[property];
  if (given !== undefined && given !== "") return { inputs, problems: checkName(rule, given) };
  if (inputs[`${property}Prefix`] !== undefined || rule.autoname === "optional")
    return { inputs, problems: [] };
  const invented = rule.autoname === "required" ? undefined : invent(rule, request);
  if (invented === undefined)
    return {
      inputs,
      problems: [{ property, reason: `AWS requires "${property}" and no name is invented for it` }],
    };
  if (invented.problem !== undefined) return { inputs, problems: [{ property, reason: invented.problem }] };
  const named = { ...inputs, [property]: invented.name, [defaultsKey]: [property] };
  return { inputs: named, problems: checkName(rule, invented.name) };
}

type Invented = { readonly name: string; readonly problem?: never } | { readonly problem: string };

function invent(rule: NameRule, request: NameRequest): Invented | undefined {
  const { oldInputs, autonaming } = request;
  const kept = oldInputs !== undefined && isInvented(rule, oldInputs) ? oldInputs[rule.property] : undefined;
  if (typeof kept === "string") return { name: kept };
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return { name: autonaming.proposed };
  if (autonaming?.mode === "propose" && autonaming.proposed !== "")
    return { name: fold(rule, autonaming.proposed).slice(0, rule.maxLength) };
  const prefix = `${fold(rule, request.name)}-`;
  if (prefix.length + randomDigits > rule.maxLength)
    return {
      problem: `name '${prefix}' plus ${randomDigits} random chars is longer than maximum length ${rule.maxLength}; shorten the resource's name or give "${rule.property}"`,
    };
  const digits = createHash("sha256")
    .update(request.seed)
    .update(prefix)
    .digest("hex")
    .slice(0, randomDigits);
  return { name: prefix + digits };
}

function fold(rule: NameRule, name: string): string {
  return rule.autonameCase === "lower" ? name.toLowerCase() : name;
}

function checkName(rule: NameRule, name: unknown): Problem[] {
  if (name === UNKNOWN || typeof name !== "string") return [];
  const { property, maxLength, minLength = 1, pattern } = rule;
  if (name.length > maxLength || name.length < minLength)
    return [
      {
        property,
        reason: `"${name}" has ${name.length} characters; AWS allows ${minLength} to ${maxLength}`,
      },
    ];
  if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(name))
    return [
      { property, reason: `"${name}" is not a valid name; AWS allows ${rule.allowed ?? pattern.source}` },
    ];
  return [];
}
