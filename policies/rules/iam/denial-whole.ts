import { isForEveryone, statementCheck } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown, known } from "../../core/unknown.ts";
import { isEveryAction, isEveryActionOfService } from "../../core/wildcards.ts";

/**
 * Services for which a denial lists actions: SNS's policies take no wildcard, and EFS's would shut out who administers the
 * file system, since clients alone come through an access point.
 */
const LISTED_ONLY = ["elasticfilesystem", "sns"];

export const denialWhole: ResourceRule = {
  name: "iam-denial-whole",
  description:
    "A denial of everyone who comes the wrong way covers every action of the service: others would lead past it.",
  severity: "medium",
  group: "iam",
  references: ["FSBP S3.5"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
  checks: statementCheck((statement) => {
    const { effect, property, conditions, allButActions } = statement;
    if (effect !== "Deny" || allButActions || !isForEveryone(statement)) return [];
    if (!isKnown(conditions) || Object.keys(conditions).length === 0) return [];
    const actions = known(statement.actions);
    const isWhole = actions.some((action) => isEveryAction(action) || isEveryActionOfService(action));
    const isListed = actions.every((action) => LISTED_ONLY.includes(action.split(":")[0] ?? ""));
    return isWhole || isListed
      ? []
      : [
          {
            property: `${property}.actions`,
            is: JSON.stringify(actions),
            must: "every action of the service",
            fix: `Set the actions to ${actions[0]?.split(":")[0] ?? "service"}:*.`,
          },
        ];
  }),
};
