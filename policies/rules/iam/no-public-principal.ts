import { isForEveryone, statementCheck, type Statement } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

/** Condition keys that narrow everyone down to an account, an organisation, a network or one resource. */
const NARROWING = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourceowner",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "kms:calleraccount",
  "elasticfilesystem:accessedviamounttarget",
];

/** Operators that admit only what they name. */
const POSITIVE = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool)$/;

function isNarrowed({ conditions }: Statement): boolean {
  if (!isKnown(conditions)) return true;
  return Object.entries(conditions).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => NARROWING.includes(key.toLowerCase()) && !values.includes("*"),
      ),
  );
}

export const noPublicPrincipal: ResourceRule = {
  name: "iam-no-public-principal",
  description: "No resource or role admits everyone.",
  severity: "critical",
  group: "exposure",
  references: ["CKV_AWS_32", "CKV_AWS_33", "CKV_AWS_60", "CKV_AWS_70", "CKV_AWS_169", "FSBP SNS.4"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  // The policy of a VPC endpoint speaks of who inside the VPC may use it.
  checks: statementCheck(
    (statement) =>
      statement.effect === "Allow" && isForEveryone(statement) && !isNarrowed(statement)
        ? [
            {
              property: `${statement.property}.principals`,
              is: '"*" without a condition that narrows it',
              must: "an account, a role or a service",
              fix: "Name the principal, or add a condition on aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.",
            },
          ]
        : [],
    ["aws:ec2/vpcEndpoint:VpcEndpoint"],
  ),
};
