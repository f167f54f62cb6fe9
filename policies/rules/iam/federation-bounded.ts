import { statementCheck } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown, known } from "../../core/unknown.ts";

export const federationBounded: ResourceRule = {
  name: "iam-federation-bounded",
  description: "A role that outside identities assume names which of them (an OIDC subject).",
  severity: "critical",
  group: "iam",
  references: ["CKV_AWS_393"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  checks: statementCheck(({ property, effect, actions, conditions }) => {
    if (effect !== "Allow" || !known(actions).includes("sts:AssumeRoleWithWebIdentity")) return [];
    if (!isKnown(conditions)) return [];
    const subjects = Object.entries(conditions)
      .filter(([operator]) => /^String(Equals|Like)$/.test(operator))
      .flatMap(([, keys]) => Object.entries(keys))
      .filter(([key]) => /:sub$/.test(key))
      .flatMap(([, values]) => values);
    return subjects.length > 0 && !subjects.includes("*")
      ? []
      : [
          {
            property: `${property}.conditions`,
            is: "without a subject",
            must: "one that names the subject",
            fix: 'Add StringEquals with "<provider>:sub", for example repo:owner/name:ref:refs/heads/main.',
          },
        ];
  }),
};
