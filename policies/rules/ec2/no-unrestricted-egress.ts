import type * as aws from "@pulumi/aws";
import {
  openingOfNew,
  openingOfOld,
  portsOf,
  showOpening,
  worldOpenings,
  type Opening,
} from "../../core/openings.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

/** One service needs a handful of ports, not a range. */
const MAX_PORTS = 10;

function findings(openings: Opening[]): Finding[] {
  return worldOpenings(openings)
    .filter((opening) => {
      const ports = portsOf(opening);
      return ports !== undefined && ports[1] - ports[0] >= MAX_PORTS;
    })
    .map((opening) => ({
      property: opening.property || "destination",
      is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}`,
      must: "named ports, for example tcp 443",
      fix: "Set the protocol to tcp, and fromPort and toPort to the port that is needed.",
    }));
}

export const noUnrestrictedEgress: ResourceRule = {
  name: "ec2-no-unrestricted-egress",
  description: "No security group lets every port out to the world.",
  severity: "high",
  group: "network",
  references: ["CKV_AWS_382", "AWS-0104"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  checks: [
    check<aws.vpc.SecurityGroupEgressRuleArgs>(
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      (rule) => findings([openingOfNew(rule)]),
    ),
    check<aws.ec2.SecurityGroupRuleArgs>("aws:ec2/securityGroupRule:SecurityGroupRule", (rule) =>
      isKnown(rule.type) && rule.type === "egress" ? findings([openingOfOld(rule, "")]) : [],
    ),
    check<aws.ec2.SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup", (group) =>
      findings(
        elements(group.egress).flatMap((rule, index) =>
          isKnown(rule) ? openingOfOld(rule, `egress[${index}]`) : [],
        ),
      ),
    ),
  ],
};
