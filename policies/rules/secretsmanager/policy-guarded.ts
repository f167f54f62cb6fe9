import type * as aws from "@pulumi/aws";
import { isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const secretPolicyGuarded: ResourceRule = {
  name: "secretsmanager-policy-guarded",
  description: "AWS proves of each secret's policy that it lets nobody else in.",
  severity: "high",
  group: "secrets",
  references: ["Well-Architected SEC03-BP07"],
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
  checks: [
    properties<aws.secretsmanager.SecretPolicyArgs>("aws:secretsmanager/secretPolicy:SecretPolicy", {
      blockPublicPolicy: isTrue,
    }),
  ],
};
