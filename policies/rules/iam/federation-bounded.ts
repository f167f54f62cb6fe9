import { isAbout, isForEveryone, statementCheck, type Statement } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";
import { namesSomebody } from "./subjects.ts";

/** Cognito tells identities of one pool by its id: "aud" names the pool. */
const POOL = "cognito-identity.amazonaws.com:aud";

export const federationBounded: ResourceRule = {
  name: "iam-federation-bounded",
  description: "A role that outside identities assume names which of them (an OIDC subject).",
  severity: "critical",
  group: "iam",
  references: ["CKV_AWS_358", "CKV_AWS_393"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  checks: statementCheck(
    (statement) => {
      const { property, effect, actions, conditions } = statement;
      if (effect !== "Allow" || !isAbout(actions, "sts:AssumeRoleWithWebIdentity")) return [];
      if (!isOfProvider(statement) || !isKnown(conditions)) return [];
      const named = Object.entries(conditions)
        .filter(([operator]) => /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/.test(operator))
        .flatMap(([, keys]) => Object.entries(keys))
        .filter(([key]) => /:sub$/i.test(key) || key.toLowerCase() === POOL);
      const bounds = named.some(
        ([key, values]) =>
          values.length > 0 && values.every((value) => !isKnown(value) || namesSomebody(key, value)),
      );
      return bounds
        ? []
        : [
            {
              property: `${property}.conditions`,
              is: shown(named.flatMap(([, values]) => values).filter(isKnown)),
              must: "one that names the subject",
              fix: 'Add StringEquals with "<provider>:sub", for example repo:owner/name:ref:refs/heads/main.',
            },
          ];
    },
    { kinds: ["trust"] },
  ),
};

function shown(subjects: string[]): string {
  return subjects.length === 0
    ? "without a subject"
    : `for ${JSON.stringify(subjects)}, which names nobody in full`;
}

/** Whether somebody with a token of an OIDC provider may come; who comes by SAML has no subject. */
function isOfProvider(statement: Statement): boolean {
  const { principals } = statement;
  if (principals === undefined || !isKnown(principals)) return false;
  const federated = principals["Federated"] ?? [];
  return (
    isForEveryone(statement) || federated.some((name) => !isKnown(name) || !/:saml-provider\//.test(name))
  );
}
