import type { StackRule } from "../../core/rule.ts";
import { gathered } from "../../cost/estimate.ts";
import { judgedEstimate } from "../../cost/judged.ts";
import { subjectOf } from "../../cost/subject.ts";

export const costPriced: StackRule = {
  name: "cost-priced",
  description: "Everything that the stack makes has a price, or is declared free with a reason.",
  severity: "medium",
  group: "cost",
  references: [],
  url: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/welcome.html",
  types: [],
  judge: (_stack, graph, _settings, configuration) => {
    const subject = subjectOf(configuration);
    if (!subject) return [];
    return gathered(judgedEstimate(graph, subject).unpriced).map(({ resource, reason }) => {
      const { property, is, must, fix } = reason;
      const node = graph.find(resource.urn);
      return {
        property,
        is,
        must,
        fix,
        ...(node && { resource: node }),
        ...(reason.unknown && { unproven: {} }),
      };
    });
  },
};
