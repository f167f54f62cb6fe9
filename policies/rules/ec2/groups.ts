import { isWorld } from "../../core/addresses.ts";
import type { Graph, Node } from "../../core/graph.ts";
import type { Opening } from "../../core/openings.ts";
import { addressesBehind, GROUP, rulesOf, rulesOfForeign, type GroupRule } from "../../core/passages.ts";
import { isKnown } from "../../core/unknown.ts";

export { GROUP, STANDALONE_RULES } from "../../core/passages.ts";

/** An opening and the resource that makes it. */
export interface GroupOpening extends Opening {
  resource: Node;
}

/** An opening with the addresses of the prefix lists that it names. */
interface WholeOpening extends GroupOpening {
  /** The blocks that the rule itself shows. */
  literal: readonly string[];
}

/** Whether a rule's own blocks are the world: rules about one resource tell that. */
export function isWorldAlone({ literal }: WholeOpening): boolean {
  return isWorld([...literal]);
}

/** All that opens a group from outside, inline or standalone. */
export function ingressOf(group: Node, graph: Graph): GroupOpening[] {
  return openings(rulesOf(group, graph), "in");
}

/** What opens each group one way, with the addresses of prefix lists; of groups that the stack does not show as well. */
export function openingsByGroup(
  graph: Graph,
  direction: "in" | "out",
): { group: string; openings: WholeOpening[] }[] {
  const shown = graph.all(GROUP).map((group): [string, GroupRule[]] => [group.name, rulesOf(group, graph)]);
  return [...shown, ...rulesOfForeign(graph)].map(([group, rules]) => ({
    group,
    openings: openings(rules, direction).map((opening) => ({
      ...opening,
      literal: opening.cidrs,
      cidrs: [...opening.cidrs, ...addressesBehind(opening.resource, opening.property, graph)],
    })),
  }));
}

function openings(rules: readonly GroupRule[], direction: "in" | "out"): GroupOpening[] {
  return rules
    .filter((one) => one.direction === direction && isKnown(one.rule.inputs["type"]))
    .map(({ rule, opening }) => ({ ...opening, resource: rule }));
}
