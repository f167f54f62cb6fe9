import type { Snapshot } from "../../policies/core/snapshot.ts";
import packSettings from "../../policies/configuration.json" with { type: "json" };
import type { Program, Registered } from "../program.ts";
import { withAwsxInputs } from "./awsx.ts";
import { HIDDEN, type Preview, type Properties, type State, type Step } from "./preview.ts";
import { urnName } from "./urn.ts";

/** The stack as it stands, or as it would stand. */
export type Side = "before" | "after";

/** All resources of a side, each once. */
export function statesOf({ steps }: Preview, side: Side): State[] {
  const states = steps.flatMap((step) =>
    side === "before" ? (step.oldState ?? []) : (newStateOf(step) ?? []),
  );
  return [...new Map(states.map((state) => [state.urn, state])).values()];
}

/** What a preview knows of a resource after: an unchanged one keeps what AWS computed. */
function newStateOf({ op, oldState, newState }: Step): State | undefined {
  if (!newState || op === "delete" || op === "delete-replaced" || op === "discard") return undefined;
  if (!oldState || (op !== "same" && op !== "update")) return newState;
  const outputs =
    op === "same" ? oldState.outputs : { ...oldState.outputs, ...newState.inputs, ...newState.outputs };
  return {
    ...newState,
    ...(oldState.id !== undefined && { id: oldState.id }),
    ...(outputs && { outputs }),
  };
}

/** A side as the readers of programs take it (scripts/network, scripts/architecture). */
export function programOf(states: readonly State[]): Program {
  // A preview that failed half-way names resources that it never came to.
  const there = new Set(states.map(({ urn }) => urn));
  const resources = withAwsxInputs(states).map(
    ({ type, urn, id, custom, parent = "", inputs = {}, propertyDependencies = {} }): Registered => ({
      type,
      name: urnName(urn),
      urn,
      id: id === "" ? undefined : id,
      custom,
      parent: there.has(parent) ? parent : "",
      inputs,
      options: { propertyDependencies: withoutNulls(propertyDependencies, there) },
    }),
  );
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return {
    resources,
    all: (type) =>
      resources.filter((resource) => resource.type === type || resource.type.split(":").at(-1) === type),
    at: (urn) => {
      const found = byUrn.get(urn);
      if (!found) throw new Error(`The preview has no resource ${urn}.`);
      return found;
    },
  };
}

/** A side as the policy pack records what the engine shows it. */
export function snapshotOf(states: readonly State[], config: Preview["config"]): Snapshot {
  return {
    occasion: { preview: true, stack: config },
    configuration: packSettings,
    declared: states
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(({ urn, type, custom, inputs = {} }) => ({
        urn,
        name: urnName(urn),
        type,
        custom,
        inputs: unread(inputs),
        secrets: hiddenPaths(inputs, ""),
      })),
    finished: states.map(
      ({ urn, type, custom, inputs = {}, outputs = {}, parent, propertyDependencies = {} }) => ({
        urn,
        type,
        name: urnName(urn),
        custom,
        outputs: unread({ ...inputs, ...outputs }),
        ...(parent !== undefined && { parent }),
        propertyDependencies: withoutNulls(propertyDependencies),
      }),
    ),
  };
}

function withoutNulls(
  dependencies: NonNullable<State["propertyDependencies"]>,
  there?: ReadonlySet<string>,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, urns]) => [
      name,
      (urns ?? []).filter((urn) => there?.has(urn) ?? true),
    ]),
  );
}

/** The engine's word for a text that nobody knows yet: what is hidden is neither kept nor broken by a rule. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function unread(properties: Properties): Record<string, unknown> {
  const read = (value: unknown): unknown => {
    if (value === HIDDEN) return UNKNOWN_TEXT;
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]));
  };
  return read(properties) as Record<string, unknown>;
}

function hiddenPaths(value: unknown, path: string): string[] {
  if (value === HIDDEN) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as Properties).flatMap(([key, item]) =>
    hiddenPaths(item, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}
