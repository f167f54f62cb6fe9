import type * as aws from "@pulumi/aws";
import { expect, isTrue, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { LOAD_BALANCERS } from "./balancers.ts";

const isMitigated: Expectation = {
  must: "defensive or strictest",
  fix: "to defensive",
  holds: (value) => value !== "monitor",
};

export const dropInvalidHeaders: ResourceRule = {
  name: "lb-drop-invalid-headers",
  description:
    "Application load balancers drop malformed headers and ambiguous requests, the vehicles of request smuggling.",
  severity: "medium",
  group: "exposure",
  references: ["CKV_AWS_131", "CKV_AWS_328", "FSBP ELB.4", "FSBP ELB.12"],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  checks: [
    check<aws.lb.LoadBalancerArgs>(LOAD_BALANCERS, (balancer) =>
      balancer.loadBalancerType === undefined || balancer.loadBalancerType === "application"
        ? [
            ...expect(balancer.dropInvalidHeaderFields, "dropInvalidHeaderFields", isTrue),
            ...expect(balancer.desyncMitigationMode, "desyncMitigationMode", isMitigated),
          ]
        : [],
    ),
  ],
};
