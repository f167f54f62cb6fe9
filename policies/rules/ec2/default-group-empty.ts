import type * as aws from "@pulumi/aws";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements } from "../../core/unknown.ts";

export const defaultGroupEmpty: ResourceRule = {
  name: "ec2-default-security-group-empty",
  description: "A VPC's default security group has no rules, so that what forgets its group reaches nothing.",
  severity: "high",
  group: "network",
  references: ["CKV2_AWS_12", "FSBP EC2.2", "AWS-0173"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  checks: [
    check<aws.ec2.DefaultSecurityGroupArgs>("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", (group) =>
      (["ingress", "egress"] as const)
        .filter((direction) => elements(group[direction]).length > 0)
        .map((direction) => ({
          property: direction,
          is: `${elements(group[direction]).length} rule(s)`,
          must: "empty",
          fix: `Remove ${direction} and give each resource a security group of its own.`,
        })),
    ),
  ],
};
