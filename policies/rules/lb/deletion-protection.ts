import type * as aws from "@pulumi/aws";
import { isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { LOAD_BALANCERS } from "./balancers.ts";

export const balancerProtected: ResourceRule = {
  name: "lb-deletion-protection",
  description: "Load balancers are not deleted by accident.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_150", "FSBP ELB.6"],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
  checks: [properties<aws.lb.LoadBalancerArgs>(LOAD_BALANCERS, { enableDeletionProtection: isTrue })],
};
