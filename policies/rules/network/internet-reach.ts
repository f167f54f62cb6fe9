import type { Node } from "../../core/graph.ts";
import { networkEvidence, NETWORK_TYPES, networkOf } from "../../core/network.ts";
import { PUBLIC_PORTS } from "../../core/openings.ts";
import { showPath, type Step } from "../../core/reachability.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";
import { LOAD_BALANCERS } from "../lb/balancers.ts";
import { named } from "./paths.ts";

function isWeb({ protocol, from, to }: Step): boolean {
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
  covers: [...NETWORK_TYPES],
  judge: (_, graph): StackFinding[] => {
    const { reach, places, unknown } = networkOf(graph);
    const found = reach.fromInternet().flatMap((step): StackFinding[] => {
      const node = places.get(step.target)?.node;
      if (!node || (LOAD_BALANCERS.includes(node.type) && isWeb(step))) return [];
      return [finding(node, showPath(named([step], places)))];
    });
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
    return [...found, ...open];
  },
};

function finding(resource: Node, path: string): StackFinding {
  return {
    resource,
    property: "the way from the internet",
    is: path,
    must: "closed, or a load balancer's tcp 80 or 443",
    fix: "Take away its public address, or the rule that lets the internet in.",
  };
}
