/** `tagsAll`: a resource's tags over the provider's default ones, an output of everything that takes tags. */

import type { ResourceDeclaration } from "../schema/schema.ts";
import { UNKNOWN, without } from "./rule.ts";
import type { Inputs } from "./rule.ts";

export type Tags = Readonly<Record<string, unknown>>;

/** Inputs, or outputs, with `tagsAll`; left out when there is no tag. */
export function withAllTags(declaration: ResourceDeclaration, inputs: Inputs, defaultTags: Tags): Inputs {
  if (declaration.outputs["tagsAll"] === undefined) return inputs;
  const rest = without(inputs, "tagsAll");
  const tags = rest["tags"];
  if (tags === UNKNOWN) return { ...rest, tagsAll: UNKNOWN };
  const all = { ...defaultTags, ...(tags as Tags | undefined) };
  return Object.keys(all).length === 0 ? rest : { ...rest, tagsAll: all };
}

/** The `tagsAll` of a state, as far as there is a tag: what a change of the provider's default tags is compared with. */
export function heldTags(state: Inputs): Inputs {
  const held = state["tagsAll"] as Tags | undefined;
  return held === undefined || Object.keys(held).length === 0 ? {} : { tagsAll: held };
}
