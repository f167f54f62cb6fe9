import { owners } from "../../sandbox/cli/components.ts";
import { type PropertyChange, propertyChanges } from "./properties.ts";
import type { Preview, State, Step } from "./preview.ts";
import { STATEFUL } from "./stateful.ts";
import { shortType, subject, urnName } from "./urn.ts";

/** From the loudest to the quietest. */
export const KINDS = ["delete", "replace", "create", "import", "update", "read"] as const;
export type Kind = (typeof KINDS)[number];

/** What happens to one resource. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  /** `rds Instance "database"`. */
  readonly resource: string;
  /** `Database "database"`; the stack itself where a resource belongs to none. */
  readonly component: string;
  readonly kind: Kind;
  /** What is lost with it; undefined where nothing is. */
  readonly loses?: string;
  /** Pulumi lets go of it, and it stays in AWS. */
  readonly kept?: true;
  readonly properties: readonly PropertyChange[];
}

/** The changes within one component, the loudest first. */
export interface ComponentChanges {
  readonly component: string;
  readonly changes: readonly Change[];
}

/** The engine's operations, those of a replacement's parts among them. */
const operations: Readonly<Record<string, Kind>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  "read-replacement": "replace",
  import: "import",
  read: "read",
  discard: "delete",
  "discard-replaced": "replace",
  "remove-pending-replace": "replace",
};

/** What a preview would change, in the order of the engine's steps. */
export function changesOf({ steps }: Preview): Change[] {
  const states = steps.flatMap((step) => step.newState ?? step.oldState ?? []);
  const ownerOf = owners([...new Map(states.map((state) => [state.urn, state])).values()]);
  return [...Map.groupBy(steps, ({ urn }) => urn).values()].flatMap((all) => {
    const kind = kindOf(all);
    const step = stepOf(all);
    const state = step?.newState ?? step?.oldState;
    if (!step || !state || state.type === "pulumi:pulumi:Stack") return [];
    const properties = propertyChanges(step);
    if (kind === undefined && properties.length === 0) return [];
    // Providers and components are no resources of AWS: what happens to them is said by their children.
    if (!state.custom || state.type.startsWith("pulumi:providers:")) return [];
    const owner = ownerOf(state);
    const loss = lossOf(state, kind, step);
    return {
      urn: state.urn,
      type: state.type,
      resource: subject(state),
      component:
        owner && owner !== state ? `${shortType(owner.type)} "${urnName(owner.urn)}"` : "The stack itself",
      kind: kind ?? "update",
      ...loss,
      properties,
    };
  });
}

function kindOf(steps: readonly Step[]): Kind | undefined {
  const found = steps.flatMap(({ op }) => operations[op] ?? []);
  // A replacement's parts are each a step: made anew, then deleted.
  if (found.includes("replace") || (found.includes("create") && found.includes("delete"))) return "replace";
  return found[0];
}

/** The step that shows both sides. */
function stepOf(steps: readonly Step[]): Step | undefined {
  const both = steps.find(({ oldState, newState }) => oldState && newState);
  const [first] = steps;
  if (both ?? !first) return both;
  const oldState = steps.find((step) => step.oldState)?.oldState;
  const newState = steps.find((step) => step.newState)?.newState;
  return { ...first, ...(oldState && { oldState }), ...(newState && { newState }) };
}

function lossOf(state: State, kind: Kind | undefined, step: Step): Pick<Change, "loses" | "kept"> {
  if (kind !== "delete" && kind !== "replace") return {};
  if (step.op === "discard" || step.oldState?.retainOnDelete === true) return { kept: true };
  const loses = STATEFUL[state.type];
  return loses === undefined ? {} : { loses };
}

/** By component, the component with the loudest change first. */
export function byComponent(changes: readonly Change[]): ComponentChanges[] {
  const groups = [...Map.groupBy(changes, ({ component }) => component)].map(([component, own]) => ({
    component,
    changes: own.toSorted((one, other) => loudness(one) - loudness(other)),
  }));
  return groups.toSorted(
    (one, other) =>
      Math.min(...one.changes.map(loudness)) - Math.min(...other.changes.map(loudness)) ||
      one.component.localeCompare(other.component),
  );
}

/** Those with which something is lost for good. */
export function losses(changes: readonly Change[]): Change[] {
  return changes.filter(({ loses }) => loses !== undefined);
}

function loudness({ kind, loses }: Change): number {
  return loses === undefined ? KINDS.indexOf(kind) + 1 : 0;
}
