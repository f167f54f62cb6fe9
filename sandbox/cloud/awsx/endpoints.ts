import type { Registered } from "../component.ts";
import type { Inputs } from "../rule.ts";
import { below } from "./subnets.ts";
import type { Site, SubnetParts } from "./subnets.ts";
import type { VpcPlan } from "./vpc-arguments.ts";

/** Strategy "Auto" turns the VPC's DNS on for interface endpoints with private names. */
export function wantsPrivateDns({ endpoints, fillsEndpoints }: VpcPlan): boolean {
  return (
    fillsEndpoints &&
    endpoints.some((spec) => kindOf(spec) === "interface" && spec["privateDnsEnabled"] !== false)
  );
}

/** Registers the VPC endpoints, each named by its service. "Auto" fills in what a spec leaves out, "Legacy" nothing. */
export function registerEndpoints(
  site: Site,
  subnets: readonly SubnetParts[],
): readonly Promise<Registered>[] {
  const { construction, plan } = site;
  const specs = construction.inputs["vpcEndpointSpecs"];
  return plan.endpoints.map((spec, index) => {
    const given: unknown = Array.isArray(specs) ? specs[index] : spec;
    return registerEndpoint(site, { ...spec, ...(given as Inputs) }, subnets);
  });
}

async function registerEndpoint(
  site: Site,
  spec: Inputs,
  subnets: readonly SubnetParts[],
): Promise<Registered> {
  const { construction, vpc, plan } = site;
  const { tags, ...given } = spec;
  return construction.register(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    String(spec["serviceName"]),
    {
      ...site.region,
      ...(plan.fillsEndpoints ? await filledIn(site, spec, subnets) : {}),
      ...given,
      tags: { ...site.tags, ...(tags as Inputs | undefined) },
      vpcId: vpc.id,
    },
    below(vpc),
  );
}

async function filledIn(site: Site, spec: Inputs, subnets: readonly SubnetParts[]): Promise<Inputs> {
  const kind = kindOf(spec);
  if (kind === "gateway" && spec["routeTableIds"] === undefined)
    return {
      routeTableIds: (await Promise.all(subnets.map(({ routeTable }) => routeTable))).map(({ id }) => id),
    };
  if (kind !== "interface") return {};
  const hosted = spec["subnetIds"] !== undefined || spec["subnetConfigurations"] !== undefined;
  return {
    privateDnsEnabled: true,
    ...(hosted ? {} : { subnetIds: (await Promise.all(onePerZone(site, subnets))).map(({ id }) => id) }),
    ...(spec["securityGroupIds"] === undefined
      ? { securityGroupIds: [(await registerGroup(site, spec)).id] }
      : {}),
  };
}

function kindOf({ vpcEndpointType }: Inputs): string {
  return typeof vpcEndpointType === "string" ? vpcEndpointType.toLowerCase() : "gateway";
}

/** A private subnet of each zone, else an isolated, else a public one. */
function onePerZone({ plan }: Site, subnets: readonly SubnetParts[]): Promise<Registered>[] {
  return plan.zones.flatMap((_, zone) => {
    const found = ["private", "isolated", "public"]
      .map((type) => subnets.find((one) => one.zone === zone && one.type === type))
      .find((one) => one !== undefined);
    return found === undefined ? [] : [found.subnet];
  });
}

async function registerGroup({ construction, vpc, region, tags }: Site, spec: Inputs): Promise<Registered> {
  const service = String(spec["serviceName"]);
  const group = await construction.register(
    "aws:ec2/securityGroup:SecurityGroup",
    `${service}-sg`,
    { ...region, vpcId: vpc.id, tags: { ...tags, ...(spec["tags"] as Inputs | undefined) } },
    below(vpc),
  );
  await construction.register(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    `${service}-ingress`,
    {
      ...region,
      type: "ingress",
      securityGroupId: group.id,
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlocks: [vpc.output("cidrBlock")],
    },
    { parent: vpc, dependsOn: [group] },
  );
  return group;
}
