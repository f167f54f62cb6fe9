import type * as aws from "@pulumi/aws";
import { isWorld } from "../../core/addresses.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

const ADMIN_PORTS = [22, 3389];

export const networkAclAdminPorts: ResourceRule = {
  name: "ec2-network-acl-admin-ports",
  description: "No network ACL rule admits the world to SSH or RDP.",
  severity: "high",
  group: "network",
  references: [
    "CKV_AWS_229",
    "CKV_AWS_230",
    "CKV_AWS_231",
    "CKV_AWS_232",
    "CKV_AWS_352",
    "FSBP EC2.21",
    "AWS-0102",
  ],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html",
  checks: [
    check<aws.ec2.NetworkAclRuleArgs>("aws:ec2/networkAclRule:NetworkAclRule", (rule) => {
      const { egress, ruleAction, protocol, fromPort, toPort } = rule;
      if (egress === true || !isKnown(ruleAction) || ruleAction !== "allow") return [];
      const cidrs = [rule.cidrBlock, rule.ipv6CidrBlock].filter((cidr) => typeof cidr === "string");
      if (!isWorld(cidrs) || !isKnown(protocol) || !isKnown(fromPort) || !isKnown(toPort)) return [];
      const everyPort = protocol === "-1" || protocol === "all" || fromPort === undefined;
      const open = ADMIN_PORTS.filter(
        (port) => everyPort || (fromPort <= port && port <= (toPort ?? fromPort)),
      );
      return open.map((port) => ({
        property: "cidrBlock",
        is: `${cidrs.join(", ")} on port ${port}`,
        must: "narrower than the world on this port",
        fix: "Set cidrBlock to the network that may connect, or fromPort and toPort to what is needed.",
      }));
    }),
  ],
};
