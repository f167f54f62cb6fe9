import type { Graph } from "../../../policies/core/graph.ts";
import { estimate, total, type Estimate } from "../../../policies/cost/estimate.ts";
import type { Subject } from "../../../policies/cost/subject.ts";
import { usageOf } from "../../../policies/cost/usage.ts";
import { stackOf, type Fixture, type Inputs } from "../harness.ts";

export const production: Subject = { environment: "production", scale: "enterprise", region: "us-east-1" };
export const staging: Subject = { environment: "staging", scale: "hobby", region: "us-east-1" };

/** Quantities of use for every environment of a scale: `{ "nat.processedGb": 10 }`. */
export type Use = Readonly<Record<string, number>>;

/** A resource of a stack. */
export const one = (
  name: string,
  type: string,
  properties: Inputs = {},
  sources: Record<string, string[]> = {},
): Fixture => ({ name, type, properties, sources });

/** So many of the same. */
export const many = (count: number, name: string, type: string, properties: Inputs = {}): Fixture[] =>
  Array.from({ length: count }, (_, index) => one(`${name}-${index + 1}`, type, properties));

/** Prices a stack whose resources are used so much, and otherwise as the committed file has it. */
export function priced(fixtures: Fixture[], use: Use = {}, subject: Subject = production): Estimate {
  return pricedGraph(stackOf(fixtures), use, subject);
}

export function pricedGraph(graph: Graph, use: Use, subject: Subject): Estimate {
  const selector = `${subject.environment}-${subject.scale}`;
  return estimate(graph, subject, usageOf(subject, { file: "use.json", content: { [selector]: use } }));
}

/** USD at the least and at the most, to the cent. */
export function cents({ lines }: Pick<Estimate, "lines">): [min: string, max: string] {
  const { min, max } = total(lines);
  return [min.toFixed(2), max.toFixed(2)];
}

/** Why something has no price, with the resource's name. */
export function gaps({ unpriced }: Estimate): string[] {
  return unpriced.map(({ resource, reason }) => `${resource.name}: ${reason.message}`);
}
