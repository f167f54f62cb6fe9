import { isWorld } from "../../core/addresses.ts";
import { hasWayOut } from "../../core/network.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const ALL_PORTS = 65535;

export const networkAclNarrow: StackRule = {
  name: "ec2-network-acl-narrow",
  description: "Network ACLs let through named ports, and the world only where the subnet has a way to it.",
  severity: "medium",
  group: "network",
  references: ["CKV_AWS_352", "FSBP EC2.21", "AWS-0102", "AWS-0105"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
  types: ["aws:ec2/networkAclRule:NetworkAclRule"],
  covers: [ACL],
  judge: (rule, graph): StackFinding[] => {
    const { ruleAction, protocol, fromPort, toPort } = rule.inputs;
    if (ruleAction !== "allow") return [];
    const everyPort =
      protocol === "-1" ||
      protocol === "all" ||
      ((fromPort ?? 0) === 0 && (toPort ?? ALL_PORTS) === ALL_PORTS);
    const cidrs = [rule.inputs["cidrBlock"], rule.inputs["ipv6CidrBlock"]].filter(
      (cidr) => typeof cidr === "string",
    );
    const subnets = graph
      .targets(rule, "networkAclId", ACL)
      .flatMap((acl) => graph.targets(acl, "subnetIds", "aws:ec2/subnet:Subnet"));
    const isShut = subnets.length > 0 && !subnets.some((subnet) => hasWayOut(subnet, graph));
    return [
      ...(everyPort
        ? [
            {
              property: "fromPort",
              is: "every port",
              must: "the ports that are needed",
              fix: "Set fromPort and toPort, for example 5432, or 1024 and 65535 for answers.",
            },
          ]
        : []),
      ...(isWorld(cidrs) && isShut
        ? [
            {
              property: "cidrBlock",
              is: `${cidrs.join(", ")}, for subnets without a way to the internet`,
              must: "the subnets that connect",
              fix: "Set cidrBlock to the block of the subnet that connects.",
            },
          ]
        : []),
    ];
  },
};
