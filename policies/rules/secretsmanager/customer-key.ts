import type * as aws from "@pulumi/aws";
import { at, expect, isCustomerKey } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements } from "../../core/unknown.ts";

export const customerKey: ResourceRule = {
  name: "secretsmanager-customer-key",
  description: "Secrets are encrypted with a customer-managed key, whose policy decides who can read them.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_149", "AWS-0098"],
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
  checks: [
    check<aws.secretsmanager.SecretArgs>("aws:secretsmanager/secret:Secret", ({ kmsKeyId, replicas }) => [
      ...expect(kmsKeyId, "kmsKeyId", isCustomerKey),
      ...elements(replicas).flatMap((replica, index) =>
        expect(at(replica, "kmsKeyId"), `replicas[${index}].kmsKeyId`, isCustomerKey),
      ),
    ]),
  ],
};
