import { statementCheck } from "../../core/documents.ts";
import { globPattern } from "../../core/glob.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { known } from "../../core/unknown.ts";

/**
 * Actions that give power over others' resources where no resource bounds them: by them a role makes itself an
 * administrator, takes data away, or opens what is encrypted. (Rhino Security Labs, "AWS IAM Privilege Escalation
 * Methods"; AWS, "Security Hub KMS.1, KMS.2".)
 */
const POWERS: readonly string[] = [
  "iam:PassRole",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:AttachUserPolicy",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:PutUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:AddUserToGroup",
  "iam:UpdateAssumeRolePolicy",
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "sts:AssumeRole",
  "lambda:UpdateFunctionCode",
  "lambda:InvokeFunction",
  "ecs:RunTask",
  "ecs:ExecuteCommand",
  "s3:GetObject",
  "s3:PutObject",
  "s3:DeleteObject",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "rds-db:connect",
  "elasticache:Connect",
  "sqs:ReceiveMessage",
  "sns:Publish",
];

export const noUnboundedPower: ResourceRule = {
  name: "iam-no-unbounded-power",
  description: "No identity policy allows escalation, data access or decryption on every resource.",
  severity: "critical",
  group: "iam",
  references: [
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "FSBP KMS.1",
    "FSBP KMS.2",
    "AWS-0342",
  ],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  checks: statementCheck((statement) => {
    const { effect, property, principals, allButActions, allButResources } = statement;
    if (effect !== "Allow" || principals !== undefined || allButActions) return [];
    const powers = known(statement.actions).filter((action) => {
      const pattern = globPattern(action, "i");
      return POWERS.some((power) => pattern.test(power));
    });
    if (powers.length === 0) return [];
    const everything = known(statement.resources).filter(isEverything);
    if (everything.length === 0 && !allButResources) return [];
    return [
      {
        property: `${property}.resources`,
        is: `${allButResources ? "everything but a list" : JSON.stringify(everything)} for ${powers.join(", ")}`,
        must: "the ARNs that are needed",
        fix: "Name the resources, for example the ARN of the secret that is read.",
      },
    ];
  }),
};

/** `*`, or an ARN of a service with nothing but wildcards: `arn:aws:s3:::*`. */
function isEverything(resource: string): boolean {
  return /^\*+$|^arn:[^:]*:[^:]*:[^:]*:[^:]*:(\*|[\w-]+[/:]\*)$/.test(resource);
}
