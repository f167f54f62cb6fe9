import type * as aws from "@pulumi/aws";
import { at, expect, isAtLeast, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

const isBelowRoot: Expectation = {
  must: "a directory below the root",
  fix: "to a directory of its own, for example /data",
  holds: (value) => typeof value === "string" && /^\/.+/.test(value),
};

export const accessPointBounded: ResourceRule = {
  name: "efs-access-point-bounded",
  description: "An access point leads to one directory, as one user.",
  severity: "medium",
  group: "iam",
  references: ["CKV_AWS_329", "CKV_AWS_330", "FSBP EFS.3", "FSBP EFS.4"],
  url: "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
  checks: [
    check<aws.efs.AccessPointArgs>("aws:efs/accessPoint:AccessPoint", ({ rootDirectory, posixUser }) => [
      ...expect(at(rootDirectory, "path"), "rootDirectory.path", isBelowRoot),
      ...expect(at(posixUser, "uid"), "posixUser.uid", isAtLeast(1)),
    ]),
  ],
};
