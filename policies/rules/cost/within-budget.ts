import type { StackRule } from "../../core/rule.ts";
import { budgetOf, budgetSettings, overrun, rateOf } from "../../cost/budget.ts";
import { judgedEstimate } from "../../cost/judged.ts";
import { subjectOf } from "../../cost/subject.ts";

export const costWithinBudget: StackRule = {
  name: "cost-within-budget",
  description: "The stack costs no more a month than its budget, scaled out and without free allowances.",
  severity: "high",
  group: "cost",
  references: [],
  url: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/welcome.html",
  settings: budgetSettings,
  types: [],
  judge: (_stack, graph, settings, configuration) => {
    const subject = subjectOf(configuration);
    if (!subject) return [];
    const budget = budgetOf(configuration, subject, settings);
    const over = overrun(judgedEstimate(graph, subject), budget, rateOf(settings));
    return over ? [{ property: "the cost of a month", ...over }] : [];
  },
};
