import type { StackRule } from "../../core/rule.ts";
import { elements } from "../../core/unknown.ts";
import { GROUP } from "./groups.ts";

const STANDALONE = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

export const rulesNotMixed: StackRule = {
  name: "ec2-rules-not-mixed",
  description:
    "A security group's rules stand in it or beside it, not both: each update would undo the other's.",
  severity: "high",
  group: "network",
  references: ["awsguard"],
  url: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
  types: [GROUP],
  judge: (group, graph) =>
    (["ingress", "egress"] as const)
      .filter((direction) => elements(group.inputs[direction] as object[] | undefined).length > 0)
      .filter(() => graph.referring(group, "securityGroupId", ...STANDALONE).length > 0)
      .map((direction) => ({
        property: direction,
        is: "set, while other rules stand beside the group",
        must: "left out",
        fix: `Turn each entry of ${direction} into a rule of its own (aws.vpc.SecurityGroupIngressRule or its egress twin).`,
      })),
};
