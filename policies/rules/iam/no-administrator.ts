import type * as aws from "@pulumi/aws";
import { statementCheck } from "../../core/documents.ts";
import { ATTACHMENTS } from "./attachments.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { known } from "../../core/unknown.ts";
import { isEveryAction } from "../../core/wildcards.ts";

/** AWS-managed policies that amount to the whole account. */
const WHOLE_ACCOUNT = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

function attached(policyArn: unknown, property: string): Finding[] {
  return typeof policyArn === "string" && WHOLE_ACCOUNT.test(policyArn)
    ? [
        {
          property,
          is: JSON.stringify(policyArn),
          must: "a policy of only what the role does",
          fix: "Attach a policy that lists the actions and resources that are needed.",
        },
      ]
    : [];
}

export const noAdministrator: ResourceRule = {
  name: "iam-no-administrator",
  description: "No policy allows every action.",
  severity: "critical",
  group: "iam",
  references: ["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_274", "FSBP IAM.1"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  checks: [
    ...statementCheck(({ property, effect, actions, allButActions }) => {
      if (effect !== "Allow") return [];
      const everything = known(actions).filter(isEveryAction);
      if (!allButActions && everything.length === 0) return [];
      return [
        {
          property: `${property}.${allButActions ? "NotAction" : "actions"}`,
          is: allButActions ? "everything but a list" : JSON.stringify(everything),
          must: "a list of the actions that are needed",
          fix: "Name each action, for example secretsmanager:GetSecretValue.",
        },
      ];
    }),
    check<aws.iam.RolePolicyAttachmentArgs>(ATTACHMENTS, (inputs) => attached(inputs.policyArn, "policyArn")),
    check<aws.iam.RoleArgs>("aws:iam/role:Role", ({ managedPolicyArns }) =>
      known(managedPolicyArns).flatMap((arn, index) => attached(arn, `managedPolicyArns[${index}]`)),
    ),
  ],
};
