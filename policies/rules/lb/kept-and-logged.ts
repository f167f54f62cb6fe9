import type * as aws from "@pulumi/aws";
import { at, expect, isSet, isTrue } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { LOAD_BALANCERS } from "./balancers.ts";

export const balancerLogged: ResourceRule = {
  name: "lb-access-logged",
  description: "Load balancers log who asked for what.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_91", "FSBP ELB.5", "AwsSolutions-ELB2"],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
  checks: [
    check<aws.lb.LoadBalancerArgs>(LOAD_BALANCERS, ({ accessLogs }) => [
      ...expect(at(accessLogs, "enabled"), "accessLogs.enabled", isTrue),
      ...expect(at(accessLogs, "bucket"), "accessLogs.bucket", {
        ...isSet,
        must: "a bucket",
        fix: "to the name of the bucket that takes the logs",
      }),
    ]),
  ],
};
