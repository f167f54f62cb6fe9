import type * as aws from "@pulumi/aws";
import { isTrue, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const dropInvalidHeaders: ResourceRule = {
  name: "lb-drop-invalid-headers",
  description: "Application load balancers drop malformed headers, the vehicle of request smuggling.",
  severity: "medium",
  references: ["CKV_AWS_131", "CKV_AWS_328", "FSBP ELB.4", "FSBP ELB.12"],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  checks: [
    check<aws.lb.LoadBalancerArgs>(
      ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
      (balancer) =>
        balancer.loadBalancerType === undefined || balancer.loadBalancerType === "application"
          ? expect(balancer.dropInvalidHeaderFields, "dropInvalidHeaderFields", isTrue)
          : [],
    ),
  ],
};
