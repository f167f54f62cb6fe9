import type * as aws from "@pulumi/aws";
import { isTrue, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const rotation: ResourceRule = {
  name: "kms-rotation",
  description: "Encryption keys rotate every year.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_7", "FSBP KMS.4", "AwsSolutions-KMS5", "AWS-0065"],
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
  checks: [
    check<aws.kms.KeyArgs>("aws:kms/key:Key", (key) =>
      // KMS rotates symmetric encryption keys only.
      (key.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT" &&
      (key.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT"
        ? expect(key.enableKeyRotation, "enableKeyRotation", isTrue)
        : [],
    ),
  ],
};
