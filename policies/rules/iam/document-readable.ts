import { POLICY_DOCUMENT, registered } from "../../core/documents.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

export const documentReadable: ResourceRule = {
  name: "iam-document-readable",
  description: "A policy document's effects and actions are plain values, so that a preview can judge them.",
  severity: "high",
  group: "iam",
  references: [],
  url: "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/",
  checks: [
    check<{ statements: unknown }>(POLICY_DOCUMENT, ({ statements }) => {
      const unreadable = registered(statements).filter(
        ({ effect, actions }) => !isKnown(effect) || !actions.every(isKnown),
      );
      const properties = isKnown(statements) ? unreadable.map(({ property }) => property) : ["statements"];
      return properties.map((property) => ({
        property,
        is: "unknown in this preview",
        must: "a plain value but for its ARNs",
        fix: "Write the effect and the actions as text; only resources, principals and conditions may be outputs.",
      }));
    }),
  ],
};
