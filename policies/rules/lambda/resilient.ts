import type * as aws from "@pulumi/aws";
import { at, expect, isOneOf, isSet } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const functionResilient: ResourceRule = {
  name: "lambda-observed",
  description:
    "Functions keep what they could not process, log where the stack says, and trace what they do.",
  severity: "low",
  group: "resilience",
  references: ["CKV_AWS_116", "CKV_AWS_50", "FSBP Lambda.7", "AWS-0066"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  checks: [
    check<aws.lambda.FunctionArgs>(
      "aws:lambda/function:Function",
      ({ deadLetterConfig, loggingConfig, tracingConfig }) => [
        ...expect(at(deadLetterConfig, "targetArn"), "deadLetterConfig.targetArn", {
          ...isSet,
          must: "a queue or a topic",
        }),
        ...expect(at(loggingConfig, "logGroup"), "loggingConfig.logGroup", {
          ...isSet,
          must: "a log group of the stack, whose key and retention are judged",
          fix: "to the name of an aws.cloudwatch.LogGroup",
        }),
        ...expect(at(tracingConfig, "mode"), "tracingConfig.mode", isOneOf("Active")),
      ],
    ),
  ],
};
