import { crc32 } from "node:zlib";
import type { Inputs, Rules } from "../rule.ts";
import { check, exactlyOne, ipv4Cidr, ipv6Cidr } from "./constraints.ts";
import { firstOf, naming, refersTo, routeTable, subnet, unlessUsed, vpc } from "./references.ts";
import { arn, blank, ec2Id, joined, nothing, text } from "./shapes.ts";

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
] as const;

export const ec2Routing: Rules = {
  "aws:ec2/routeTable:RouteTable": {
    id: ec2Id("rtb"),
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `route-table/${ctx.id}`),
      ownerId: ctx.accountId,
      propagatingVgws: [],
      routes: [],
    }),
    replaceOn: ["vpcId"],
    admit: refersTo({ vpcId: vpc }),
    guardDelete: unlessUsed(
      { "aws:ec2/routeTableAssociation:RouteTableAssociation": ["routeTableId"] },
      (ctx, users) =>
        `DependencyViolation: The routeTable '${ctx.id}' has dependencies and cannot be deleted (${naming(users)})`,
    ),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    id: ec2Id("rtbassoc"),
    computed: nothing,
    replaceOn: ["subnetId", "gatewayId"],
    check: check(exactlyOne("subnetId", "gatewayId")),
    admit: firstOf(refersTo({ subnetId: subnet, routeTableId: routeTable }), ({ inputs, world, id }) =>
      world
        .list("aws:ec2/routeTableAssociation:RouteTableAssociation")
        .some(
          (other) =>
            other.id !== id &&
            inputs["subnetId"] !== undefined &&
            other.inputs["subnetId"] === inputs["subnetId"],
        )
        ? `Resource.AlreadyAssociated: the specified association for subnet ${text(inputs, "subnetId")} conflicts with an existing one`
        : undefined,
    ),
  },
  "aws:ec2/route:Route": {
    id: (ctx) => `r-${text(ctx.inputs, "routeTableId")}${crc32(destinationOf(ctx.inputs))}`,
    computed: () => ({
      origin: "CreateRoute",
      state: "active",
      ...blank("instanceId", "instanceOwnerId", "networkInterfaceId"),
    }),
    replaceOn: ["routeTableId", ...DESTINATIONS],
    check: check(
      exactlyOne(...DESTINATIONS),
      exactlyOne(...TARGETS),
      ipv4Cidr("destinationCidrBlock"),
      ipv6Cidr("destinationIpv6CidrBlock"),
    ),
    admit: firstOf(refersTo({ routeTableId: routeTable }), ({ inputs, world, id }) =>
      world
        .list("aws:ec2/route:Route")
        .some(
          (other) =>
            other.id !== id &&
            other.inputs["routeTableId"] === inputs["routeTableId"] &&
            destinationOf(other.inputs) === destinationOf(inputs),
        )
        ? `RouteAlreadyExists: Route in Route Table (${text(inputs, "routeTableId")}) with destination (${destinationOf(inputs)}) already exists`
        : undefined,
    ),
  },
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": {
    id: (ctx) => `a-${joined("", "vpcEndpointId")(ctx)}${crc32(text(ctx.inputs, "routeTableId"))}`,
    computed: nothing,
    replaceOn: ["routeTableId", "vpcEndpointId"],
    admit: refersTo({ routeTableId: routeTable }),
  },
};

function destinationOf(inputs: Inputs): string {
  return DESTINATIONS.map((key) => text(inputs, key)).join("");
}
