import type * as aws from "@pulumi/aws";
import { ATTACHMENTS } from "./attachments.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { known } from "../../core/unknown.ts";

const MANAGED = /^arn:[^:]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

function finding(arn: unknown, property: string, allowed: readonly string[]): Finding[] {
  const name = typeof arn === "string" ? MANAGED.exec(arn)?.[1] : undefined;
  return name === undefined || allowed.includes(name)
    ? []
    : [
        {
          property,
          is: JSON.stringify(arn),
          must: "a policy of the stack's own, or one named in the setting allowed",
          fix: "Attach a policy that lists the actions and resources that are needed: AWS widens its own at any time.",
        },
      ];
}

export const noManagedPolicy: ResourceRule = {
  name: "iam-no-aws-managed-policy",
  description: "Roles, users and groups hold policies of their own, not AWS's general ones.",
  severity: "medium",
  group: "iam",
  references: ["AwsSolutions-IAM4"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  settings: { allowed: [] },
  checks: [
    check<aws.iam.RolePolicyAttachmentArgs>(ATTACHMENTS, ({ policyArn }, _, { allowed }) =>
      finding(policyArn, "policyArn", allowed as readonly string[]),
    ),
    check<aws.iam.RoleArgs>("aws:iam/role:Role", ({ managedPolicyArns }, _, { allowed }) =>
      known(managedPolicyArns).flatMap((arn, index) =>
        finding(arn, `managedPolicyArns[${index}]`, allowed as readonly string[]),
      ),
    ),
  ],
};
