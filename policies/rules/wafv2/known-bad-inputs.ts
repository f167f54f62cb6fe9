import { at, expect, isTrue, properties } from "../../core/expectations.ts";
import type * as aws from "@pulumi/aws";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

const MANAGED = "statement.managedRuleGroupStatement.name";
/** AWS's own group against Log4j and other inputs that no client sends. */
const GROUP = "AWSManagedRulesKnownBadInputsRuleSet";

export const knownBadInputs: ResourceRule = {
  name: "wafv2-known-bad-inputs",
  description: "Firewalls block what is known to be an attack (Log4j among it), and count what they do.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_192", "CKV_AWS_175", "FSBP WAF.10", "FSBP WAF.12"],
  url: "https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
  checks: [
    check<aws.wafv2.WebAclArgs>("aws:wafv2/webAcl:WebAcl", ({ rules }) => {
      const entries = elements(rules);
      const index = entries.findIndex((rule) => at(rule, MANAGED) === GROUP);
      if (index < 0)
        // One that is still unknown may be the one.
        return !isKnown(rules) || entries.some((rule) => !isKnown(at(rule, MANAGED)))
          ? []
          : [
              {
                property: "rules",
                is: `without ${GROUP}`,
                must: "with it, blocking",
                fix: `Add a rule with ${MANAGED} ${GROUP} and overrideAction none.`,
              },
            ];
      const counted = at(entries[index], "overrideAction.count");
      return isKnown(counted) && counted !== undefined
        ? [
            {
              property: `rules[${index}].overrideAction`,
              is: "count",
              must: "none, so that the group blocks",
              fix: `Set rules[${index}].overrideAction to { none: {} }.`,
            },
          ]
        : [];
    }),
    properties<aws.wafv2.WebAclArgs>("aws:wafv2/webAcl:WebAcl", {
      "visibilityConfig.cloudwatchMetricsEnabled": isTrue,
    }),
    check<aws.wafv2.WebAclArgs>("aws:wafv2/webAcl:WebAcl", ({ rules }) =>
      elements(rules).flatMap((rule, index) =>
        expect(
          at(rule, "visibilityConfig.cloudwatchMetricsEnabled"),
          `rules[${index}].visibilityConfig.cloudwatchMetricsEnabled`,
          isTrue,
        ),
      ),
    ),
    check<aws.wafv2.WebAclArgs>("aws:wafv2/webAcl:WebAcl", ({ rules }) =>
      elements(rules).flatMap((rule, index) => {
        const rate = at(rule, "statement.rateBasedStatement");
        return isKnown(rate) && rate !== undefined && at(rule, "action.block") === undefined
          ? expect(undefined, `rules[${index}].action.block`, { must: "{}", holds: () => false })
          : [];
      }),
    ),
  ],
};
