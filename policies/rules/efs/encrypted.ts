import type * as aws from "@pulumi/aws";
import { isTrue, isCustomerKey, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const encryptedFileSystem: ResourceRule = {
  name: "efs-encrypted",
  description: "File systems are encrypted with a customer-managed key.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_42", "CKV_AWS_184", "FSBP EFS.1", "AwsSolutions-EFS1"],
  url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
  checks: [
    properties<aws.efs.FileSystemArgs>("aws:efs/fileSystem:FileSystem", {
      encrypted: isTrue,
      kmsKeyId: isCustomerKey,
    }),
  ],
};
