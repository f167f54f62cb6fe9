/** Inputs as the stand-in holds them: brought into shape at Check, and read off a state at Read. */

import { parseProperty } from "../schema/kinds.ts";
import type { ResourceDeclaration } from "../schema/schema.ts";
import { defaultsKey } from "./names.ts";
import { UNKNOWN, without } from "./rule.ts";
import type { Inputs, Outputs, Rule } from "./rule.ts";
import { containsUnknown } from "./wire.ts";

/** Where a resource with these inputs (or this state) lives. */
export function regionOf(inputs: Inputs, provider: { readonly region: string }): string {
  const { region } = inputs;
  return typeof region === "string" && region !== "" ? region : provider.region;
}

/** Policy documents given as objects become JSON, as in pulumi-aws; one that is partly unknown becomes unknown. */
export function documents(declaration: ResourceDeclaration, inputs: Inputs): Inputs {
  const texts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs)) {
    const text = declaration.inputs[name];
    if (text?.startsWith("string|#") !== true || typeof value !== "object" || value === null) continue;
    texts[name] = containsUnknown(value) ? UNKNOWN : JSON.stringify(value);
  }
  return Object.keys(texts).length === 0 ? inputs : { ...inputs, ...texts };
}

/** The inputs that would give this state: what was given, as it is now, and what somebody else has set. */
export function readInputs(
  rule: Rule,
  declaration: ResourceDeclaration,
  held: Inputs,
  outputs: Outputs,
): Inputs {
  const inputs: Record<string, unknown> = {};
  const state = withoutAdditions(rule, held, outputs);
  for (const [name, value] of Object.entries(held))
    if (name === defaultsKey || rule.writeOnly?.includes(name) === true) inputs[name] = value;
    else if (state[name] !== undefined) inputs[name] = state[name];
  for (const name of Object.keys(declaration.inputs)) {
    if (inputs[name] !== undefined || state[name] === undefined) continue;
    const fixed = rule.defaults?.[name];
    const output = declaration.outputs[name];
    const free = output !== undefined && parseProperty(output).optional;
    if (fixed === undefined ? free : JSON.stringify(fixed) !== JSON.stringify(state[name]))
      inputs[name] = state[name];
  }
  return inputs;
}

/** Takes out of the objects what AWS added to them, unless it was given. */
function withoutAdditions(rule: Rule, held: Inputs, outputs: Outputs): Outputs {
  const own: Record<string, unknown> = { ...outputs };
  for (const [name, fields] of Object.entries(rule.completes ?? {})) {
    const value = outputs[name];
    if (typeof value !== "object" || value === null) continue;
    const given = held[name] as Inputs | undefined;
    own[name] = without(value as Outputs, ...fields.filter((field) => given?.[field] === undefined));
  }
  return own;
}
