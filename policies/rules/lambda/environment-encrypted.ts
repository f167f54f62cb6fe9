import type * as aws from "@pulumi/aws";
import { isCustomerKey, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const functionEncrypted: ResourceRule = {
  name: "lambda-encrypted",
  description: "A function's environment is encrypted with a customer-managed key.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_173"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
  checks: [properties<aws.lambda.FunctionArgs>("aws:lambda/function:Function", { kmsKeyArn: isCustomerKey })],
};
