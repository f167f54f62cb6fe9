import type { Context, Inputs, Rules } from "../rule.ts";
import { contains, overlaps, parseBlock } from "./cidr.ts";
import { check, conflicting, exactlyOne, ipv4Cidr, ipv6Cidr, oneOf } from "./constraints.ts";
import { ec2Acls } from "./ec2-acls.ts";
import { ec2Routing } from "./ec2-routing.ts";
import { firstOf, naming, refersTo, subnet, unlessUsed, vpc } from "./references.ts";
import { zoneIdOf, zonesOf } from "./regions.ts";
import { arn, blank, ec2Id, privateIp, publicIp, sideId, text } from "./shapes.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/** What keeps AWS from deleting a VPC. Security-group and route-table rules go with their owners. */
const VPC_USERS = {
  [SUBNET]: ["vpcId"],
  "aws:ec2/internetGateway:InternetGateway": ["vpcId"],
  "aws:ec2/securityGroup:SecurityGroup": ["vpcId"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/networkAcl:NetworkAcl": ["vpcId"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["vpcId"],
};

/** What has a network interface in a subnet, or is bound to it. */
const SUBNET_USERS = {
  "aws:ec2/natGateway:NatGateway": ["subnetId"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["subnetIds[]"],
  "aws:lb/loadBalancer:LoadBalancer": ["subnets[]", "subnetMappings[].subnetId"],
  "aws:alb/loadBalancer:LoadBalancer": ["subnets[]", "subnetMappings[].subnetId"],
  "aws:rds/subnetGroup:SubnetGroup": ["subnetIds[]"],
  "aws:rds/proxy:Proxy": ["vpcSubnetIds[]"],
  "aws:elasticache/subnetGroup:SubnetGroup": ["subnetIds[]"],
  "aws:ecs/service:Service": ["networkConfiguration.subnets[]"],
  "aws:lambda/function:Function": ["vpcConfig.subnetIds[]"],
  "aws:efs/mountTarget:MountTarget": ["subnetId"],
};

export const ec2: Rules = {
  ...ec2Acls,
  ...ec2Routing,
  [VPC]: {
    id: ec2Id("vpc"),
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `vpc/${ctx.id}`),
      defaultNetworkAclId: sideId(ctx, "acl"),
      defaultRouteTableId: sideId(ctx, "rtb"),
      mainRouteTableId: sideId(ctx, "rtb"),
      defaultSecurityGroupId: sideId(ctx, "sg"),
      dhcpOptionsId: sideId(ctx, "dopt"),
      enableDnsHostnames: false,
      enableNetworkAddressUsageMetrics: false,
      ownerId: ctx.accountId,
      ...blank("cidrBlock", "ipv6AssociationId", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup"),
    }),
    replaceOn: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    check: check(
      exactlyOne("cidrBlock", "ipv4IpamPoolId"),
      ipv4Cidr("cidrBlock"),
      maskBetween("cidrBlock", 16, 28),
      oneOf("instanceTenancy", "default", "dedicated"),
    ),
    guardDelete: unlessUsed(
      VPC_USERS,
      (ctx, users) =>
        `DependencyViolation: The vpc '${ctx.id}' has dependencies and cannot be deleted (${naming(users)})`,
    ),
  },
  [SUBNET]: {
    id: ec2Id("subnet"),
    defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    computed: (ctx) => {
      const availabilityZone = text(ctx.inputs, "availabilityZone", zonesOf(ctx.region)[0]);
      return {
        arn: arn(ctx, "ec2", `subnet/${ctx.id}`),
        availabilityZone,
        availabilityZoneId: zoneIdOf(ctx.region, availabilityZone),
        ownerId: ctx.accountId,
        privateDnsHostnameTypeOnLaunch: "ip-name",
        ...blank("cidrBlock", "ipv6CidrBlock", "ipv6CidrBlockAssociationId"),
      };
    },
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "outpostArn", "ipv6Native"],
    check: check(
      conflicting("availabilityZone", "availabilityZoneId"),
      ipv4Cidr("cidrBlock"),
      maskBetween("cidrBlock", 16, 28),
      ipv6Cidr("ipv6CidrBlock"),
    ),
    admit: firstOf(refersTo({ vpcId: vpc }), admitSubnet),
    guardDelete: unlessUsed(
      SUBNET_USERS,
      (ctx, users) =>
        `DependencyViolation: The subnet '${ctx.id}' has dependencies and cannot be deleted (${naming(users)})`,
    ),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    id: ec2Id("igw"),
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `internet-gateway/${ctx.id}`),
      ownerId: ctx.accountId,
      vpcId: "",
    }),
    admit: firstOf(refersTo({ vpcId: vpc }), ({ inputs, world, id }) =>
      world
        .list("aws:ec2/internetGateway:InternetGateway")
        .some(
          (other) =>
            other.id !== id && other.inputs["vpcId"] === inputs["vpcId"] && inputs["vpcId"] !== undefined,
        )
        ? `Resource.AlreadyAssociated: vpc ${text(inputs, "vpcId")} already has an internet gateway attached`
        : undefined,
    ),
  },
  "aws:ec2/natGateway:NatGateway": {
    id: ec2Id("nat"),
    defaults: { connectivityType: "public" },
    computed: (ctx) => ({
      associationId: sideId(ctx, "eipassoc"),
      availabilityMode: "zonal",
      autoProvisionZones: "",
      autoScalingIps: "",
      networkInterfaceId: sideId(ctx, "eni"),
      privateIp: privateIp(ctx),
      publicIp: ctx.world.get("aws:ec2/eip:Eip", text(ctx.inputs, "allocationId"))?.state["publicIp"] ?? "",
      regionalNatGatewayAddresses: [],
      regionalNatGatewayAutoMode: "",
      routeTableId: "",
      secondaryAllocationIds: [],
      secondaryPrivateIpAddressCount: 0,
      secondaryPrivateIpAddresses: [],
      vpcId: ctx.world.get(SUBNET, text(ctx.inputs, "subnetId"))?.state["vpcId"] ?? "",
    }),
    replaceOn: ["allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"],
    check: check(
      oneOf("connectivityType", "public", "private"),
      exactlyOne("subnetId", "vpcId"),
      needsAddress,
    ),
    admit: refersTo({
      subnetId: subnet,
      allocationId: {
        types: ["aws:ec2/eip:Eip"],
        missing: (id) => `InvalidAllocationID.NotFound: The allocation ID '${id}' does not exist`,
      },
    }),
  },
  "aws:ec2/eip:Eip": {
    id: ec2Id("eipalloc"),
    computed: (ctx) => ({
      allocationId: ctx.id,
      arn: arn(ctx, "ec2", `elastic-ip/${ctx.id}`),
      domain: "vpc",
      networkBorderGroup: ctx.region,
      publicDns: `ec2-${publicIp(ctx).replaceAll(".", "-")}.compute-1.amazonaws.com`,
      publicIp: publicIp(ctx),
      publicIpv4Pool: "amazon",
      ...blank("associationId", "carrierIp", "customerOwnedIp", "instance", "ipamPoolId", "networkInterface"),
      ...blank("privateDns", "privateIp", "ptrRecord"),
    }),
    replaceOn: [
      "address",
      "customerOwnedIpv4Pool",
      "domain",
      "ipamPoolId",
      "networkBorderGroup",
      "publicIpv4Pool",
    ],
    check: check(oneOf("domain", "vpc")),
  },
};

function maskBetween(property: string, least: number, most: number) {
  return (inputs: Inputs) => {
    const mask = Number(/\/(\d+)$/.exec(text(inputs, property))?.[1] ?? least);
    return mask >= least && mask <= most
      ? []
      : [{ property, reason: `expected a netmask between /${least} and /${most}, got /${mask}` }];
  };
}

function needsAddress(inputs: Inputs) {
  return inputs["subnetId"] !== undefined &&
    inputs["allocationId"] === undefined &&
    (inputs["connectivityType"] ?? "public") === "public"
    ? [
        {
          property: "allocationId",
          reason: "is required for a public NAT gateway: give the allocation id of an Elastic IP",
        },
      ]
    : [];
}

function admitSubnet({ inputs, world, id, region }: Context): string | undefined {
  const zone = text(inputs, "availabilityZone");
  if (zone !== "" && !zonesOf(region).includes(zone))
    return (
      `InvalidParameterValue: Value (${zone}) for parameter availabilityZone is invalid. ` +
      `Subnets can currently only be created in the following availability zones: ${zonesOf(region).join(", ")}.`
    );
  const cidr = text(inputs, "cidrBlock");
  const vpcCidr = world.get(VPC, text(inputs, "vpcId"))?.state["cidrBlock"];
  if (cidr === "" || typeof vpcCidr !== "string") return undefined;
  const block = parseBlock(cidr);
  if (!contains(parseBlock(vpcCidr), block)) return `InvalidSubnet.Range: The CIDR '${cidr}' is invalid.`;
  const conflict = world
    .list(SUBNET)
    .some(
      (other) =>
        other.id !== id &&
        other.inputs["vpcId"] === inputs["vpcId"] &&
        typeof other.inputs["cidrBlock"] === "string" &&
        overlaps(parseBlock(other.inputs["cidrBlock"]), block),
    );
  return conflict ? `InvalidSubnet.Conflict: The CIDR '${cidr}' conflicts with another subnet` : undefined;
}
