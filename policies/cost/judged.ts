import type { Graph } from "../core/graph.ts";
import { estimate, type Estimate } from "./estimate.ts";
import type { Subject } from "./subject.ts";
import { usageOf } from "./usage.ts";

const estimates = new WeakMap<Graph, Estimate>();

/** The estimate of a stack with the committed usage, made once for all rules. @throws UsageError */
export function judgedEstimate(graph: Graph, subject: Subject): Estimate {
  let made = estimates.get(graph);
  // What the estimate cannot know it tells itself; the many unknown values that decide no price are no gap.
  if (!made) {
    made = graph.watch(() => estimate(graph, subject, usageOf(subject)), undefined);
    estimates.set(graph, made);
  }
  return made;
}
