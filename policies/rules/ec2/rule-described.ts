import type * as aws from "@pulumi/aws";
import { at, expect, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown, type Seen } from "../../core/unknown.ts";

const isReason: Expectation = {
  must: "a sentence that says why it is there",
  fix: "to who connects and why",
  holds: (value) =>
    typeof value === "string" &&
    value.trim() !== "" &&
    value !== "Managed by Pulumi" &&
    value !== "Managed by Terraform",
};

export const ruleDescribed: ResourceRule = {
  name: "ec2-rule-described",
  description: "Security groups and their rules say what they are for.",
  severity: "low",
  group: "network",
  references: ["CKV_AWS_23", "AwsSolutions-EC27", "AWS-0099", "AWS-0124"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  checks: [
    check<{ description?: string }>(
      [
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      ],
      ({ description }) => expect(description, "description", isReason),
    ),
    check<aws.ec2.SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup", (group) =>
      (["ingress", "egress"] as const).flatMap((list) =>
        elements<Seen<object>>(group[list] as Seen<object>[] | undefined).flatMap((rule, index) =>
          isKnown(rule) ? expect(at(rule, "description"), `${list}[${index}].description`, isReason) : [],
        ),
      ),
    ),
  ],
};
