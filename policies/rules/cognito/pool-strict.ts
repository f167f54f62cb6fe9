import type * as aws from "@pulumi/aws";
import { isAtLeast, isOneOf, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const poolStrict: ResourceRule = {
  name: "cognito-pool-strict",
  description: "User pools ask for long passwords and offer a second factor.",
  severity: "medium",
  group: "iam",
  references: ["AwsSolutions-COG1", "AwsSolutions-COG2", "FSBP Cognito.3"],
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
  checks: [
    properties<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool", {
      "passwordPolicy.minimumLength": isAtLeast(12),
      mfaConfiguration: isOneOf("ON", "OPTIONAL"),
    }),
  ],
};
