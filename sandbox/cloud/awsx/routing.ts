import type { Registered } from "../component.ts";
import { below } from "./subnets.ts";
import type { Site, SubnetParts } from "./subnets.ts";

/** A NAT gateway and the address made for it, if one was. */
export interface NatParts {
  readonly gateway: Promise<Registered>;
  readonly eip: Promise<Registered> | undefined;
}

/** Registers a NAT gateway in the public subnet of each zone that has one. */
export function registerNatGateways(site: Site, subnets: readonly SubnetParts[]): readonly NatParts[] {
  return site.plan.natZones.flatMap((zone) => {
    const host = subnets.find((one) => one.type === "public" && one.zone === zone);
    return host === undefined ? [] : [registerNatGateway(site, zone, host.subnet)];
  });
}

function registerNatGateway(site: Site, zone: number, host: Promise<Registered>): NatParts {
  const { construction, plan, region } = site;
  const name = `${construction.name}-${zone + 1}`;
  const tags = { ...site.givenTags, Name: name };
  const allocated = plan.allocationIds[zone];
  const eip =
    allocated === undefined
      ? host.then((subnet) =>
          construction.register("aws:ec2/eip:Eip", name, { ...region, tags }, below(subnet)),
        )
      : undefined;
  const gateway = Promise.all([host, eip]).then(([subnet, address]) =>
    construction.register(
      "aws:ec2/natGateway:NatGateway",
      name,
      { ...region, subnetId: subnet.id, allocationId: address?.output("allocationId") ?? allocated, tags },
      below(subnet),
    ),
  );
  return { gateway, eip };
}

/** Registers the way out: public subnets by the internet gateway, private ones by the NAT gateway of their zone, or the only one. */
export function registerRoutes(
  site: Site,
  subnets: readonly SubnetParts[],
  gateways: { readonly internet: Promise<Registered>; readonly nat: readonly NatParts[] },
): readonly Promise<Registered>[] {
  const { construction, region } = site;
  return subnets.flatMap(({ type, zone, name, routeTable }) => {
    const nat = gateways.nat[zone] ?? gateways.nat[0];
    const [property, target] =
      type === "public"
        ? ["gatewayId", gateways.internet]
        : ["natGatewayId", type === "private" ? nat?.gateway : undefined];
    if (target === undefined) return [];
    return [
      Promise.all([routeTable, target]).then(([table, through]) =>
        construction.register(
          "aws:ec2/route:Route",
          name,
          { ...region, routeTableId: table.id, [property]: through.id, destinationCidrBlock: "0.0.0.0/0" },
          below(table),
        ),
      ),
    ];
  });
}
