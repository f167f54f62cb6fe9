import { portsOf, showOpening, worldOpenings } from "../../core/openings.ts";
import type { StackRule } from "../../core/rule.ts";
import { GROUP, isWorldAlone, openingsByGroup } from "./groups.ts";

export const noJoinedWorldEgress: StackRule = {
  name: "ec2-no-joined-world-egress",
  description:
    "What a security group lets out to does not add up to the world, but on the ports that the web needs.",
  severity: "high",
  group: "network",
  references: ["CKV_AWS_382", "AWS-0104"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  settings: { ports: ["80", "443"] },
  types: [],
  covers: [GROUP],
  judge: (_, graph, settings) => {
    const allowed = settings["ports"] as readonly string[];
    return openingsByGroup(graph, "out").flatMap(({ group, openings }) =>
      worldOpenings(openings)
        // What is the world by itself is told by ec2-no-unrestricted-egress.
        .filter((opening) => !isWorldAlone(opening))
        .filter((opening) => {
          const [from, to] = portsOf(opening) ?? [];
          return from !== to || !allowed.includes(String(from));
        })
        .map((opening) => ({
          resource: opening.resource,
          property: opening.property || "destination",
          is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}, which adds up to the world with what else ${group} lets out to`,
          must: `less than the world together with it, or one of the ports ${allowed.join(", ")}`,
          fix: "Set fromPort and toPort to the port that is needed, or name the group that is called.",
        })),
    );
  },
};
