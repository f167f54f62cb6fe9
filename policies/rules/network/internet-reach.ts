import { holdsInternet } from "../../core/addresses.ts";
import type { Graph, Node } from "../../core/graph.ts";
import { networkEvidence, NETWORK_TYPES, networkOf } from "../../core/network.ts";
import { PUBLIC_PORTS } from "../../core/openings.ts";
import { STANDALONE_RULES } from "../../core/passages.ts";
import { showPath, type Traffic } from "../../core/reachability.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";
import { elements } from "../../core/unknown.ts";
import { LOAD_BALANCERS } from "../lb/balancers.ts";
import { named } from "./paths.ts";

function isWeb({ protocol, from, to }: Traffic): boolean {
  return protocol === "tcp" && from === to && PUBLIC_PORTS.includes(from);
}

export const internetReach: StackRule = {
  name: "network-internet-reach",
  description: "The internet reaches nothing in a VPC but load balancers, on tcp 80 and 443.",
  severity: "critical",
  group: "network",
  references: ["FSBP EC2.18", "FSBP EC2.19", "FSBP RDS.2", "Well-Architected SEC05-BP01"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html",
  types: [],
  covers: [...NETWORK_TYPES, ...STANDALONE_RULES],
  judge: (_, graph): StackFinding[] => {
    const { reach, places, foreign, unknown } = networkOf(graph);
    const found = reach.fromInternet().flatMap((step): StackFinding[] => {
      const node = places.get(step.target)?.node;
      if (!node || (LOAD_BALANCERS.includes(node.type) && isWeb(step))) return [];
      return [finding(node, showPath(named([step], places)))];
    });
    const unseen = foreign
      .filter(({ passage }) => passage.cidrs.some(holdsInternet))
      .filter(({ passage }) => !(isWeb(passage) && guardsBalancer(passage.group, graph)))
      .map(({ passage, rule }): StackFinding => ({
        ...finding(rule, showPath([{ ...passage, source: undefined, target: passage.group }])),
        fix: "Take the rule away, or make the group in this stack: what stands behind it is not shown.",
      }));
    const open = [...unknown].flatMap(([resource, paths]) =>
      [...paths].map((property): StackFinding => ({
        resource,
        property,
        is: "not known yet",
        must: "known, so that the ways of the network can be told",
        fix: "Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
        unproven: { provenBy: networkEvidence },
      })),
    );
    return [...found, ...unseen, ...open];
  },
};

/** Whether a balancer of the stack has this group, which is none of the stack. */
function guardsBalancer(group: string, graph: Graph): boolean {
  return graph
    .all(...LOAD_BALANCERS)
    .some(({ inputs }) => elements(inputs["securityGroups"] as string[] | undefined).includes(group));
}

function finding(resource: Node, path: string): StackFinding {
  return {
    resource,
    property: "the way from the internet",
    is: path,
    must: "closed, or a load balancer's tcp 80 or 443",
    fix: "Take away its public address, or the rule that lets the internet in.",
  };
}
