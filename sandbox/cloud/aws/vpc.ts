import { crc32 } from "node:zlib";
import type { Context, Inputs, Rule, Rules } from "../rule.ts";
import {
  between,
  check,
  exactlyOne,
  ipv4Cidr,
  ipv6Cidr,
  lengthOf,
  matches,
  must,
  needs,
  oneOf,
  when,
  without,
} from "./constraints.ts";
import { firstOf, naming, refersTo, securityGroup, unlessUsed, vpc } from "./references.ts";
import { arn, ec2Id, sideId, text } from "./shapes.ts";
import { vpcEndpoints } from "./vpc-endpoints.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DESCRIPTION = /^[0-9A-Za-z_ .:/()#,@[\]+=&;{}!$*-]*$/;
const DESCRIPTION_ALLOWED = "only letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*";

/** What has a network interface in a security group, or names it in a rule. */
const GROUP_USERS = {
  "aws:lb/loadBalancer:LoadBalancer": ["securityGroups[]"],
  "aws:alb/loadBalancer:LoadBalancer": ["securityGroups[]"],
  "aws:rds/instance:Instance": ["vpcSecurityGroupIds[]"],
  "aws:rds/proxy:Proxy": ["vpcSecurityGroupIds[]"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["securityGroupIds[]"],
  "aws:ecs/service:Service": ["networkConfiguration.securityGroups[]"],
  "aws:lambda/function:Function": ["vpcConfig.securityGroupIds[]"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["securityGroupIds[]"],
  "aws:efs/mountTarget:MountTarget": ["securityGroups[]"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["referencedSecurityGroupId"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["referencedSecurityGroupId"],
};

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

const inlineRules = ["ingress[]", "egress[]"].flatMap((rule) => [
  ipv4Cidr(`${rule}.cidrBlocks[]`),
  ipv6Cidr(`${rule}.ipv6CidrBlocks[]`),
  between(`${rule}.fromPort`, -1, 65535),
  between(`${rule}.toPort`, -1, 65535),
  lengthOf(`${rule}.description`, 0, 255),
  matches(`${rule}.description`, DESCRIPTION, DESCRIPTION_ALLOWED),
]);

/** A standalone rule: one source, one range of ports, one description. */
function standaloneRule(type: string): Rule {
  return {
    id: ec2Id("sgr"),
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `security-group-rule/${ctx.id}`),
      securityGroupRuleId: ctx.id,
    }),
    replaceOn: ["securityGroupId"],
    check: check(
      exactlyOne(...SOURCES),
      ipv4Cidr("cidrIpv4"),
      ipv6Cidr("cidrIpv6"),
      between("fromPort", -1, 65535),
      between("toPort", -1, 65535),
      lengthOf("description", 0, 255),
      matches("description", DESCRIPTION, DESCRIPTION_ALLOWED),
      must("ipProtocol", isProtocol, "tcp, udp, icmp, icmpv6, -1 or a protocol number"),
      when(isProtocolAll, without('with ipProtocol "-1" (all traffic)', "fromPort", "toPort")),
      when(hasPorts, needs("with tcp and udp", "fromPort", "toPort")),
      ascendingPorts,
    ),
    admit: firstOf(
      refersTo({ securityGroupId: securityGroup, referencedSecurityGroupId: securityGroup }),
      (ctx) => duplicate(ctx, type),
    ),
  };
}

export const vpcSecurity: Rules = {
  ...vpcEndpoints,
  [GROUP]: {
    name: {
      property: "name",
      pattern: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
      allowed: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
      maxLength: 255,
      scope: "none",
      autoname: "hex",
    },
    id: ec2Id("sg"),
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `security-group/${ctx.id}`),
      ownerId: ctx.accountId,
      egress: [],
      ingress: [],
      namePrefix: "",
      vpcId: "",
    }),
    replaceOn: ["name", "namePrefix", "description", "vpcId"],
    sets: ["ingress", "egress"],
    writeOnly: ["revokeRulesOnDelete"],
    check: check(
      lengthOf("description", 1, 255),
      matches("description", DESCRIPTION, DESCRIPTION_ALLOWED),
      ...inlineRules,
    ),
    admit: firstOf(refersTo({ vpcId: vpc }), ({ inputs, world, id }) =>
      world
        .list(GROUP)
        .some(
          (other) => other.id !== id && ["name", "vpcId"].every((key) => other.inputs[key] === inputs[key]),
        )
        ? `InvalidGroup.Duplicate: The security group '${text(inputs, "name")}' already exists for VPC '${text(inputs, "vpcId")}'`
        : undefined,
    ),
    guardDelete: unlessUsed(
      GROUP_USERS,
      (ctx, users) => `DependencyViolation: resource ${ctx.id} has a dependent object (${naming(users)})`,
    ),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: (ctx) =>
      text(
        ctx.world.get("aws:ec2/vpc:Vpc", text(ctx.inputs, "vpcId"))?.state ?? {},
        "defaultSecurityGroupId",
        sideId(ctx, "sg"),
      ),
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `security-group/${ctx.id}`),
      description: "default VPC security group",
      egress: [],
      ingress: [],
      name: "default",
      namePrefix: "",
      ownerId: ctx.accountId,
      vpcId: "",
    }),
    replaceOn: ["vpcId"],
    sets: ["ingress", "egress"],
    check: check(...inlineRules),
    admit: refersTo({ vpcId: vpc }),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": standaloneRule(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": standaloneRule(
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ),
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    id: (ctx) => `sgrule-${crc32(ctx.hex(32))}`,
    computed: (ctx) => ({ securityGroupRuleId: sideId(ctx, "sgr"), sourceSecurityGroupId: "" }),
    replaceOn: [
      ...["cidrBlocks", "fromPort", "ipv6CidrBlocks", "prefixListIds", "protocol", "securityGroupId", "self"],
      ...["sourceSecurityGroupId", "toPort", "type"],
    ],
    check: check(
      oneOf("type", "ingress", "egress"),
      ipv4Cidr("cidrBlocks[]"),
      ipv6Cidr("ipv6CidrBlocks[]"),
      between("fromPort", -1, 65535),
      between("toPort", -1, 65535),
      lengthOf("description", 0, 255),
      matches("description", DESCRIPTION, DESCRIPTION_ALLOWED),
    ),
    admit: refersTo({ securityGroupId: securityGroup, sourceSecurityGroupId: securityGroup }),
  },
};

function isProtocol(value: unknown): boolean {
  return /^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(String(value));
}

function isProtocolAll(inputs: Inputs): boolean {
  return inputs["ipProtocol"] === "-1";
}

function hasPorts(inputs: Inputs): boolean {
  return inputs["ipProtocol"] === "tcp" || inputs["ipProtocol"] === "udp";
}

function ascendingPorts({ fromPort, toPort }: Inputs) {
  return typeof fromPort === "number" && typeof toPort === "number" && toPort !== -1 && fromPort > toPort
    ? [{ property: "toPort", reason: `expected at least fromPort (${fromPort}), got ${toPort}` }]
    : [];
}

function duplicate({ inputs, world, id }: Context, type: string): string | undefined {
  const same = ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...SOURCES];
  return world
    .list(type)
    .some((other) => other.id !== id && same.every((key) => other.inputs[key] === inputs[key]))
    ? `InvalidPermission.Duplicate: the specified rule already exists in ${text(inputs, "securityGroupId")}`
    : undefined;
}
