import type * as aws from "@pulumi/aws";
import { isOneOf, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const urlAuthenticated: ResourceRule = {
  name: "lambda-url-authenticated",
  description: "Function URLs ask callers for AWS credentials.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_258"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  checks: [
    properties<aws.lambda.FunctionUrlArgs>("aws:lambda/functionUrl:FunctionUrl", {
      authorizationType: isOneOf("AWS_IAM"),
    }),
  ],
};
