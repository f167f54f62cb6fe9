import {
  isEveryProtocol,
  openingOfNew,
  openingOfOld,
  portsOf,
  showOpening,
  type Opening,
} from "../../core/openings.ts";
import { check, type Finding, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

function findings(openings: Opening[], maximumPorts: number): Finding[] {
  return openings
    .filter((opening) => {
      const ports = portsOf(opening);
      return isEveryProtocol(opening) || (ports !== undefined && ports[1] - ports[0] >= maximumPorts);
    })
    .map((opening) => ({
      property: opening.property === "" ? "ports" : opening.property,
      is: showOpening(opening),
      must: `at most ${maximumPorts} ports of one protocol`,
      fix: "Set the protocol to tcp, and fromPort and toPort to the port that is needed.",
    }));
}

/** Rules between groups as well: what one taken service may send to another is what an intruder may. */
export const ruleNarrow: ResourceRule = {
  name: "ec2-rule-narrow",
  description: "A security-group rule opens the ports of one service.",
  severity: "high",
  group: "network",
  references: ["CKV_AWS_382", "FSBP EC2.19", "Well-Architected SEC05-BP02"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  settings: { maximumPorts: 10 },
  checks: [
    check<object>(
      [
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      ],
      (rule, _, { maximumPorts }) => findings([openingOfNew(rule)], maximumPorts as number),
    ),
    check<object>("aws:ec2/securityGroupRule:SecurityGroupRule", (rule, _, { maximumPorts }) =>
      findings([openingOfOld(rule, "")], maximumPorts as number),
    ),
    check<{ ingress: object[]; egress: object[] }>(
      "aws:ec2/securityGroup:SecurityGroup",
      (group, _, { maximumPorts }) =>
        (["ingress", "egress"] as const).flatMap((list) =>
          findings(
            elements(group[list] as object[] | undefined).flatMap((rule, index) =>
              isKnown(rule) ? openingOfOld(rule, `${list}[${index}]`) : [],
            ),
            maximumPorts as number,
          ),
        ),
    ),
  ],
};
