import type { Graph, Node } from "../../core/graph.ts";
import { openingOfNew, openingOfOld, type Opening } from "../../core/openings.ts";
import { elements, isKnown } from "../../core/unknown.ts";

/** An opening and the resource that makes it. */
export interface GroupOpening extends Opening {
  resource: Node;
}

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

/** All that opens a group from outside, inline or standalone. */
export function ingressOf(group: Node, graph: Graph): GroupOpening[] {
  return [
    ...elements(group.inputs["ingress"] as object[] | undefined).flatMap((rule, index) =>
      isKnown(rule) ? { ...openingOfOld(rule, `ingress[${index}]`), resource: group } : [],
    ),
    ...graph
      .referring(group, "securityGroupId", INGRESS_RULE)
      .map((rule) => ({ ...openingOfNew(rule.inputs), resource: rule })),
    ...graph
      .referring(group, "securityGroupId", OLD_RULE)
      .filter((rule) => rule.inputs["type"] === "ingress")
      .map((rule) => ({ ...openingOfOld(rule.inputs, ""), resource: rule })),
  ];
}
