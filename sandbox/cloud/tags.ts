/** `tagsAll`: a resource's tags over the provider's default ones, which pulumi-aws adds to the checked inputs. */

import type { ResourceDeclaration } from "../schema/schema.ts";
import { UNKNOWN, without } from "./rule.ts";
import type { Inputs } from "./rule.ts";

export type Tags = Readonly<Record<string, unknown>>;

/** Checked inputs with `tagsAll`; left out when there is no tag. */
export function withAllTags(declaration: ResourceDeclaration, inputs: Inputs, defaultTags: Tags): Inputs {
  if (declaration.outputs["tagsAll"] === undefined) return inputs;
  const rest = without(inputs, "tagsAll");
  const tags = rest["tags"];
  if (tags === UNKNOWN) return { ...rest, tagsAll: UNKNOWN };
  const all = { ...defaultTags, ...(tags as Tags | undefined) };
  return Object.keys(all).length === 0 ? rest : { ...rest, tagsAll: all };
}
