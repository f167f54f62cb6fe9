import { isWeb, showOpening, worldOpenings } from "../../core/openings.ts";
import type { StackRule } from "../../core/rule.ts";
import { GROUP, isWorldAlone, openingsByGroup } from "./groups.ts";

export const noJoinedWorldIngress: StackRule = {
  name: "ec2-no-joined-world-ingress",
  description:
    "The rules of a security group, and the prefix lists that they name, do not add up to the world.",
  severity: "critical",
  group: "network",
  references: [],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: [],
  covers: [GROUP],
  judge: (_, graph) =>
    openingsByGroup(graph, "in").flatMap(({ group, openings }) =>
      worldOpenings(openings)
        // What is the world by itself is told by ec2-no-world-ingress.
        .filter((opening) => !isWeb(opening) && !isWorldAlone(opening))
        .map((opening) => ({
          resource: opening.resource,
          property: opening.property || "source",
          is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}, which adds up to the world with what else ${group} lets in`,
          must: "less than the world together with it",
          fix: "Name the security group that may connect (referencedSecurityGroupId) instead of CIDR blocks.",
        })),
    ),
};
