import type * as aws from "@pulumi/aws";
import { isOneOf, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

/** Runtimes with a deprecation date after 2026 (AWS Lambda Developer Guide, "Runtimes"). */
const MAINTAINED = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "java17",
  "java21",
  "java25",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

export const runtime: ResourceRule = {
  name: "lambda-runtime",
  description: "Functions run on a runtime that AWS still maintains.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_363", "FSBP Lambda.2", "AwsSolutions-L1"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  checks: [
    check<aws.lambda.FunctionArgs>("aws:lambda/function:Function", ({ runtime, packageType }) =>
      // An image brings its own runtime.
      packageType === "Image" || !isKnown(packageType)
        ? []
        : expect(runtime, "runtime", {
            ...isOneOf(...MAINTAINED),
            fix: "to nodejs24.x, or the newest of its language",
          }),
    ),
  ],
};
