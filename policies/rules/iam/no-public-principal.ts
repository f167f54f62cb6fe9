import { isForEveryone, statementCheck, type Statement } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown, known } from "../../core/unknown.ts";
import { isNarrowed } from "./narrowing.ts";

export const noPublicPrincipal: ResourceRule = {
  name: "iam-no-public-principal",
  description: "No resource or role admits everyone.",
  severity: "critical",
  group: "exposure",
  references: ["CKV_AWS_32", "CKV_AWS_33", "CKV_AWS_60", "CKV_AWS_70", "CKV_AWS_169", "FSBP SNS.4"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  // The policy of an endpoint speaks of who inside the VPC may use it.
  checks: statementCheck(
    (statement) =>
      statement.effect === "Allow" && admitsEveryone(statement) && !isNarrowed(statement)
        ? [
            {
              property: `${statement.property}.principals`,
              is: '"*" without a condition that narrows it',
              must: "an account, a role or a service",
              fix: "Name the principal, or add a condition on aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.",
            },
          ]
        : [],
    { kinds: ["resource", "trust"] },
  ),
};

/** Everyone of any kind: AWS callers, or whoever comes from some identity provider. */
function admitsEveryone(statement: Statement): boolean {
  const { principals } = statement;
  return (
    isForEveryone(statement) ||
    (isKnown(principals) && Object.values(principals ?? {}).some((names) => known(names).includes("*")))
  );
}
