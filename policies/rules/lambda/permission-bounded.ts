import type * as aws from "@pulumi/aws";
import { expect, isSet } from "../../core/expectations.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

export const permissionBounded: ResourceRule = {
  name: "lambda-permission-bounded",
  description: "A function is invoked by one named resource, not by anybody's resource of some service.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_301", "CKV_AWS_364", "FSBP Lambda.1", "AWS-0067"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
  checks: [
    check<aws.lambda.PermissionArgs>("aws:lambda/permission:Permission", (permission): Finding[] => {
      const { principal, sourceArn, sourceAccount } = permission;
      if (!isKnown(principal)) return [];
      if (typeof principal !== "string" || (principal === "*" && permission.principalOrgId === undefined))
        return expect(principal, "principal", {
          must: "a service, an account or a role",
          fix: "to the service that invokes the function, and sourceArn to the resource",
          holds: () => false,
        });
      // S3 names buckets, and an ARN of one says no account: the account alone bounds such a permission.
      const isBucket = principal.startsWith("s3.") && sourceAccount !== undefined && sourceArn === undefined;
      if (!principal.includes(".amazonaws.com") || isBucket) return [];
      return [
        ...expect(sourceArn, "sourceArn", {
          ...isSet,
          must: "the ARN of what invokes the function",
        }),
        ...(isKnown(sourceArn) &&
        typeof sourceArn === "string" &&
        /^(\*|arn:[^:]*:[^:]*:[^:]*:\*:\*?)$/.test(sourceArn)
          ? expect(sourceArn, "sourceArn", { must: "the ARN of one resource", holds: () => false })
          : []),
      ];
    }),
  ],
};
