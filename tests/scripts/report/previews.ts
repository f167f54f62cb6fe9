import type { Preview, State, Step } from "../../../scripts/report/preview.ts";

/** Small previews as the engine prints them, made by hand. */

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const stackType = "pulumi:pulumi:Stack";
export const stackUrn = urnOf(stackType, "shop-live");

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:live::shop::${type}::${name}`;
}

/** A resource of AWS below the stack. */
export function state(type: string, name: string, more: Partial<State> = {}): State {
  return { urn: urnOf(type, name), type, custom: true, parent: stackUrn, inputs: {}, ...more };
}

export const created = (newState: State): Step => ({ op: "create", urn: newState.urn, newState });
export const deleted = (oldState: State): Step => ({ op: "delete", urn: oldState.urn, oldState });
export const same = (one: State): Step => ({ op: "same", urn: one.urn, oldState: one, newState: one });

/** A change of one resource from the one state to the other. */
export function changed(op: string, oldState: State, newState: State, more: Partial<Step> = {}): Step {
  return { op, urn: newState.urn, oldState: { id: "1", ...oldState }, newState, ...more };
}

export function preview(steps: readonly Step[], more: Partial<Preview> = {}): Preview {
  const stack: State = { urn: stackUrn, type: stackType, custom: false };
  return { config: { "aws:region": "us-east-1" }, steps: [same(stack), ...steps], diagnostics: [], ...more };
}
