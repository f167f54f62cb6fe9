import { isWeb, showOpening, worldOpenings } from "../../core/openings.ts";
import type { StackRule } from "../../core/rule.ts";
import { GROUP, ingressOf } from "./groups.ts";

export const noJoinedWorldIngress: StackRule = {
  name: "ec2-no-joined-world-ingress",
  description: "The rules of a security group do not add up to the world.",
  severity: "critical",
  group: "network",
  references: [],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: [GROUP],
  judge: (group, graph) => {
    const openings = ingressOf(group, graph);
    return (
      worldOpenings(openings)
        // What is the world by itself is told by ec2-no-world-ingress.
        .filter((opening) => !isWeb(opening) && worldOpenings([opening]).length === 0)
        .map((opening) => ({
          resource: opening.resource,
          property: opening.property || "source",
          is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}, which the other rules of ${group.name} complete to the world`,
          must: "less than the world together with them",
          fix: "Name the security group that may connect (referencedSecurityGroupId) instead of CIDR blocks.",
        }))
    );
  },
};
