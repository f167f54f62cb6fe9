import { isAbout, statementCheck, type Statement } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown, known } from "../../core/unknown.ts";
import { isFree } from "../../core/wildcards.ts";

/** A whole account, by its number or its root. */
const ACCOUNT = /^(\d+|arn:aws[\w-]*:iam::\d+:root)$/;

export const trustNamed: ResourceRule = {
  name: "iam-trust-named",
  description: "A role names who of an account may assume it, or on which condition.",
  severity: "high",
  group: "iam",
  references: ["CKV_AWS_61"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts",
  checks: statementCheck(
    (statement) => {
      const { property, effect, actions, principals } = statement;
      if (effect !== "Allow" || !isAbout(actions, "sts:AssumeRole")) return [];
      if (principals === undefined || !isKnown(principals)) return [];
      const accounts = known(principals["AWS"]).filter((principal) => ACCOUNT.test(principal));
      if (!isVacuous(statement)) return [];
      return accounts.length === 0
        ? []
        : [
            {
              property: `${property}.principals`,
              is: `everybody in ${accounts.join(", ")} whom IAM there lets assume roles`,
              must: "the roles or services that need it",
              fix: "Name their ARNs, or add a condition, for example on aws:PrincipalArn or sts:ExternalId.",
            },
          ];
    },
    { kinds: ["trust"] },
  ),
};

/** Without conditions, or with those alone that any value meets. */
function isVacuous({ conditions }: Statement): boolean {
  return (
    isKnown(conditions) &&
    Object.entries(conditions).every(
      ([operator, keys]) =>
        /Like$/.test(operator) &&
        Object.values(keys).every((values) => values.some((value) => isKnown(value) && isFree(value))),
    )
  );
}
