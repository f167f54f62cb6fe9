import type * as aws from "@pulumi/aws";
import { secretsInEnvironment } from "../../core/environment.ts";
import { fromResource } from "../../core/evidence.ts";
import { at } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const noSecretInFunctionEnvironment: ResourceRule = {
  name: "lambda-no-secret-in-environment",
  description: "No secret stands in a function's plain environment.",
  severity: "critical",
  group: "secrets",
  references: ["CKV_AWS_45"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
  checks: [
    {
      ...check<aws.lambda.FunctionArgs>("aws:lambda/function:Function", ({ environment }) => {
        const variables = at(environment, "variables");
        return typeof variables === "object" && variables !== null
          ? secretsInEnvironment(Object.entries(variables), "environment.variables")
          : [];
      }),
      // What a resource of the stack tells of itself is an address or a name, unless it is marked as a secret.
      evidence: fromResource,
    },
  ],
};
