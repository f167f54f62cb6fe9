import type { Network } from "../../core/network.ts";
import type { Step } from "../../core/reachability.ts";

/** Steps with resources' names instead of their URNs. */
export function named(steps: readonly Step[], places: Network["places"]): Step[] {
  const name = (urn: string): string => places.get(urn)?.node.name ?? urn;
  return steps.map((step) => ({
    ...step,
    target: name(step.target),
    source: step.source === undefined ? undefined : name(step.source),
  }));
}
