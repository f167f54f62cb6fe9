import { crc32 } from "node:zlib";
import type { Rules } from "../rule.ts";
import { between, check, exactlyOne, integer, ipv4Cidr, ipv6Cidr, oneOf } from "./constraints.ts";
import { firstOf, refersTo, subnet, vpc } from "./references.ts";
import { arn, ec2Id, nothing } from "./shapes.ts";

const VPC = "aws:ec2/vpc:Vpc";
export const ec2Acls: Rules = {
  "aws:ec2/networkAcl:NetworkAcl": {
    id: ec2Id("acl"),
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `network-acl/${ctx.id}`),
      egress: [],
      ingress: [],
      ownerId: ctx.accountId,
      subnetIds: [],
    }),
    replaceOn: ["vpcId"],
    sets: ["subnetIds", "ingress", "egress"],
    admit: refersTo({ vpcId: vpc, "subnetIds[]": subnet }),
  },
  "aws:ec2/networkAclRule:NetworkAclRule": {
    id: (ctx) =>
      `nacl-${crc32(["networkAclId", "ruleNumber", "egress", "protocol"].map((key) => JSON.stringify(ctx.inputs[key] ?? false)).join("-"))}`,
    defaults: { egress: false },
    computed: nothing,
    replaceOn: [
      ...["cidrBlock", "egress", "fromPort", "icmpCode", "icmpType", "ipv6CidrBlock", "networkAclId"],
      ...["protocol", "ruleAction", "ruleNumber", "toPort"],
    ],
    check: check(
      exactlyOne("cidrBlock", "ipv6CidrBlock"),
      ipv4Cidr("cidrBlock"),
      ipv6Cidr("ipv6CidrBlock"),
      integer("ruleNumber", 1, 32766),
      between("fromPort", -1, 65535),
      between("toPort", -1, 65535),
      oneOf("ruleAction", "allow", "deny", "ALLOW", "DENY"),
    ),
    admit: firstOf(refersTo({ networkAclId: networkAcl() }), ({ inputs, world, id }) =>
      world
        .list("aws:ec2/networkAclRule:NetworkAclRule")
        .some(
          (other) =>
            other.id !== id &&
            ["networkAclId", "ruleNumber"].every((key) => other.inputs[key] === inputs[key]) &&
            (other.inputs["egress"] ?? false) === (inputs["egress"] ?? false),
        )
        ? `NetworkAclEntryAlreadyExists: The network acl entry identified by ${String(inputs["ruleNumber"])} already exists.`
        : undefined,
    ),
  },
  "aws:ec2/networkAclAssociation:NetworkAclAssociation": {
    id: ec2Id("aclassoc"),
    computed: nothing,
    replaceOn: ["networkAclId", "subnetId"],
    admit: refersTo({ networkAclId: networkAcl(), subnetId: subnet }),
  },
};

function networkAcl() {
  return {
    types: ["aws:ec2/networkAcl:NetworkAcl", VPC],
    by: ["defaultNetworkAclId"],
    missing: (id: string) => `InvalidNetworkAclID.NotFound: The networkAcl ID '${id}' does not exist`,
  };
}
