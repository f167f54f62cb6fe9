import type { Graph, Node } from "../../core/graph.ts";
import { openingOfNew, openingOfOld, type Opening } from "../../core/openings.ts";
import { elements, isKnown } from "../../core/unknown.ts";

/** An opening and the resource that makes it. */
export interface GroupOpening extends Opening {
  resource: Node;
}

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

/** Every group of the stack with all that opens it from outside, inline or standalone. */
export function ingressByGroup(graph: Graph): Map<Node, GroupOpening[]> {
  return new Map(
    graph.all(GROUP).map((group) => [
      group,
      [
        ...elements(group.properties["ingress"] as object[] | undefined).flatMap((rule, index) =>
          isKnown(rule) ? { ...openingOfOld(rule, `ingress[${index}]`), resource: group } : [],
        ),
        ...graph
          .referring(group, "securityGroupId", INGRESS_RULE)
          .map((rule) => ({ ...openingOfNew(rule.properties), resource: rule })),
        ...graph
          .referring(group, "securityGroupId", OLD_RULE)
          .filter((rule) => rule.properties["type"] === "ingress")
          .map((rule) => ({ ...openingOfOld(rule.properties, ""), resource: rule })),
      ],
    ]),
  );
}
