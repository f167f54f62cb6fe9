import type * as aws from "@pulumi/aws";
import {
  openingOfNew,
  openingOfOld,
  portsOf,
  showOpening,
  worldOpenings,
  type Opening,
} from "../../core/openings.ts";
import type { Settings } from "../../core/configuration.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

function findings(openings: Opening[], { ports: allowed }: Settings): Finding[] {
  return worldOpenings(openings)
    .filter((opening) => {
      const ports = portsOf(opening);
      return (
        ports !== undefined &&
        !(ports[0] === ports[1] && (allowed as readonly string[]).includes(String(ports[0])))
      );
    })
    .map((opening) => ({
      property: opening.property || "destination",
      is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}`,
      must: `one of the ports ${(allowed as readonly string[]).join(", ")}`,
      fix: "Set the protocol to tcp, and fromPort and toPort to the port that is needed, or name the group that is called.",
    }));
}

export const noUnrestrictedEgress: ResourceRule = {
  name: "ec2-no-unrestricted-egress",
  description: "Security groups let out to the world only what the web needs.",
  severity: "high",
  group: "network",
  references: ["CKV_AWS_382", "AWS-0104"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  settings: { ports: ["80", "443"] },
  checks: [
    check<aws.vpc.SecurityGroupEgressRuleArgs>(
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      (rule, _, settings) => findings([openingOfNew(rule)], settings),
    ),
    check<aws.ec2.SecurityGroupRuleArgs>(
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      (rule, _, settings) =>
        isKnown(rule.type) && rule.type === "egress" ? findings([openingOfOld(rule, "")], settings) : [],
    ),
    check<aws.ec2.SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup", (group, _, settings) =>
      findings(
        elements(group.egress).flatMap((rule, index) =>
          isKnown(rule) ? openingOfOld(rule, `egress[${index}]`) : [],
        ),
        settings,
      ),
    ),
  ],
};
