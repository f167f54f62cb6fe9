/** A resource's outputs: what is echoed, what is constant, what AWS computes, and what nobody says. */

import { isDeepStrictEqual } from "node:util";
import { parseProperty } from "../schema/kinds.ts";
import type { Kind } from "../schema/kinds.ts";
import type { ResourceDeclaration } from "../schema/schema.ts";
import { defaultsKey } from "./names.ts";
import { UNKNOWN, without } from "./rule.ts";
import type { Context, Inputs, Outputs, Rule } from "./rule.ts";
import { containsUnknown } from "./wire.ts";

/** The outputs of a creation. */
export function createdOutputs(rule: Rule, declaration: ResourceDeclaration, context: Context): Outputs {
  const given = { ...regional(declaration, context.region), ...echo(context.inputs) };
  const computed = rule.computed(context);
  const outputs: Outputs = {
    ...rule.defaults,
    ...computed,
    ...given,
    ...completed(rule, context.inputs, (name, field) => (computed[name] as Outputs | undefined)?.[field]),
  };
  for (const [name, text] of Object.entries(declaration.outputs)) {
    const { kind, optional } = parseProperty(text);
    if (!optional && outputs[name] === undefined) outputs[name] = plausible(name, kind, context);
  }
  return outputs;
}

/** The outputs of an update: computed ones stay, but for those the rule calls volatile. */
export function updatedOutputs(
  rule: Rule,
  declaration: ResourceDeclaration,
  context: Context & { readonly state: Outputs },
): Outputs {
  const outputs = createdOutputs(rule, declaration, context);
  for (const [name, value] of Object.entries(context.state))
    if (isKept(rule, declaration, context.inputs, name)) outputs[name] = value;
  return outputs;
}

/** What a preview of a creation knows. */
export function previewedCreation(
  rule: Rule,
  declaration: ResourceDeclaration,
  inputs: Inputs,
  region: string,
): Outputs {
  const outputs: Outputs = {};
  for (const [name, text] of Object.entries(declaration.outputs))
    if (!parseProperty(text).optional) outputs[name] = UNKNOWN;
  const known = { ...outputs, ...rule.defaults, ...regional(declaration, region), ...echo(inputs) };
  return { ...known, ...completed(rule, inputs, () => UNKNOWN) };
}

/** What a preview of an update knows: volatile outputs only where this change leaves them alone. */
export function previewedUpdate(
  rule: Rule,
  declaration: ResourceDeclaration,
  context: Context & { readonly state: Outputs },
): Outputs {
  const { inputs, state, region } = context;
  const outputs = previewedCreation(rule, declaration, inputs, region);
  for (const [name, value] of Object.entries(state))
    if (isKept(rule, declaration, inputs, name)) outputs[name] = value;
  const added = (name: string, field: string): unknown =>
    (state[name] as Outputs | undefined)?.[field] ?? UNKNOWN;
  Object.assign(outputs, completed(rule, inputs, added));
  const { volatile = [] } = rule;
  const computed = volatile.length === 0 || containsUnknown(inputs) ? {} : rule.computed(context);
  for (const name of volatile)
    if (inputs[name] === undefined)
      outputs[name] = isDeepStrictEqual(computed[name], state[name]) ? state[name] : UNKNOWN;
  return outputs;
}

function isKept(rule: Rule, declaration: ResourceDeclaration, inputs: Inputs, name: string): boolean {
  if (inputs[name] !== undefined || name === "tagsAll" || name === "region") return false;
  if (rule.defaults?.[name] !== undefined || rule.volatile?.includes(name) === true) return false;
  const text = declaration.outputs[name];
  // An optional output that is also an input was an input once, and has been taken away.
  return text === undefined || !parseProperty(text).optional || declaration.inputs[name] === undefined;
}

/** The objects among the inputs with the fields that AWS adds to them. */
function completed(rule: Rule, inputs: Inputs, added: (name: string, field: string) => unknown): Outputs {
  const objects: Record<string, unknown> = {};
  for (const [name, fields] of Object.entries(rule.completes ?? {})) {
    const given = inputs[name];
    if (typeof given !== "object" || given === null) continue;
    objects[name] = { ...Object.fromEntries(fields.map((field) => [field, added(name, field)])), ...given };
  }
  return objects;
}

function echo(inputs: Inputs): Outputs {
  return without(inputs, defaultsKey);
}

function regional(declaration: ResourceDeclaration, region: string): Outputs {
  return declaration.outputs["region"] === undefined ? {} : { region };
}

/** The name that AWS's provider makes of e.g. `namePrefix`. */
export function nameFromPrefix(rule: Rule, context: Context): Outputs {
  const property = rule.name?.property;
  if (property === undefined) return {};
  const prefix = context.inputs[`${property}Prefix`];
  return typeof prefix === "string" ? { [property]: prefix + context.hex(26, "prefix") } : {};
}

function plausible(name: string, kind: Kind, context: Context): unknown {
  switch (kind.of) {
    case "list":
      return [];
    case "map":
    case "object":
      return {};
    case "number":
      return 0;
    case "boolean":
      return false;
    case "literal":
      return kind.values[0];
    case "union":
      return kind.kinds[0] === undefined ? "" : plausible(name, kind.kinds[0], context);
    default:
      return plausibleText(name, context);
  }
}

function plausibleText(name: string, context: Context): string {
  const [, path = ""] = context.type.split(":");
  const [service = "", resource = ""] = path.split("/");
  if (name === "arn")
    return `arn:${context.partition}:${service}:${context.region}:${context.accountId}:${resource.toLowerCase()}/${context.id}`;
  if (/^(ownerId|owner|accountId|registryId|awsAccountId)$/.test(name)) return context.accountId;
  if (/(At|Date|Time|Modified)$/.test(name)) return context.createdAt;
  if (/^(status|state)$/.test(name)) return "available";
  if (name === "availabilityZone") return `${context.region}a`;
  return "";
}
