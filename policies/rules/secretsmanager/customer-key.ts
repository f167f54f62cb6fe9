import type * as aws from "@pulumi/aws";
import { isCustomerKey, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const customerKey: ResourceRule = {
  name: "secretsmanager-customer-key",
  description: "Secrets are encrypted with a customer-managed key, whose policy decides who can read them.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_149", "AWS-0098"],
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
  checks: [
    properties<aws.secretsmanager.SecretArgs>("aws:secretsmanager/secret:Secret", {
      kmsKeyId: isCustomerKey,
    }),
  ],
};
