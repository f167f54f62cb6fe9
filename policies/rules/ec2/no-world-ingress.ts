import type * as aws from "@pulumi/aws";
import {
  isWeb,
  openingOfNew,
  openingOfOld,
  showOpening,
  worldOpenings,
  type Opening,
} from "../../core/openings.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

function findings(openings: Opening[]): Finding[] {
  return worldOpenings(openings)
    .filter((opening) => !isWeb(opening))
    .map((opening) => ({
      property: opening.property || "source",
      is: `${opening.cidrs.join(", ")} on ${showOpening(opening)}`,
      must: "no more than a load balancer's tcp 80 and 443 to the world",
      fix: "Name the security group that may connect (referencedSecurityGroupId) instead of a CIDR block.",
    }));
}

export const noWorldIngress: ResourceRule = {
  name: "ec2-no-world-ingress",
  description: "Nothing but a load balancer's ports 80 and 443 is open to the world.",
  severity: "critical",
  group: "network",
  references: [
    "CKV_AWS_24",
    "CKV_AWS_25",
    "CKV_AWS_260",
    "CKV_AWS_277",
    "FSBP EC2.18",
    "FSBP EC2.19",
    "AwsSolutions-EC23",
  ],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  checks: [
    check<aws.vpc.SecurityGroupIngressRuleArgs>(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      (rule) => findings([openingOfNew(rule)]),
    ),
    check<aws.ec2.SecurityGroupRuleArgs>("aws:ec2/securityGroupRule:SecurityGroupRule", (rule) =>
      isKnown(rule.type) && rule.type === "ingress" ? findings([openingOfOld(rule, "")]) : [],
    ),
    check<aws.ec2.SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup", (group) =>
      findings(
        elements(group.ingress).flatMap((rule, index) =>
          isKnown(rule) ? openingOfOld(rule, `ingress[${index}]`) : [],
        ),
      ),
    ),
  ],
};
