import { isWeb, showOpening, worldOpenings } from "../../core/openings.ts";
import type { StackRule } from "../../core/rule.ts";
import { LOAD_BALANCERS } from "../lb/balancers.ts";
import { GROUP, ingressOf } from "./groups.ts";

export const worldOnlyToLoadBalancer: StackRule = {
  name: "ec2-world-only-to-load-balancer",
  description: "Only a load balancer's security group is open to the world.",
  severity: "critical",
  group: "network",
  references: ["CKV_AWS_260", "FSBP EC2.18"],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
  types: [GROUP],
  judge: (group, graph) =>
    graph.referring(group, "securityGroups", ...LOAD_BALANCERS).length > 0
      ? []
      : worldOpenings(ingressOf(group, graph))
          .filter(isWeb)
          .map((opening) => ({
            resource: opening.resource,
            property: opening.property || "source",
            is: `${opening.cidrs.join(", ")} on ${showOpening(opening)} of ${group.name}, which guards no load balancer`,
            must: "closed to the world",
            fix: "Let the load balancer's security group connect (referencedSecurityGroupId) instead of a CIDR block.",
          })),
};
