import type { Construction, Registered } from "../component.ts";
import type { Inputs, Outputs } from "../rule.ts";
import { registerEndpoints, wantsPrivateDns } from "./endpoints.ts";
import { registerNatGateways, registerRoutes } from "./routing.ts";
import { below, registerSubnets } from "./subnets.ts";
import type { Site } from "./subnets.ts";
import { entriesOf, planVpc } from "./vpc-arguments.ts";
import type { VpcPlan } from "./vpc-arguments.ts";

/** Arguments that go to the VPC as they are. */
const PASSED_ON = [
  ...[
    "assignGeneratedIpv6CidrBlock",
    "enableDnsHostnames",
    "enableDnsSupport",
    "enableNetworkAddressUsageMetrics",
  ],
  ...[
    "instanceTenancy",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6CidrBlock",
    "ipv6CidrBlockNetworkBorderGroup",
  ],
  ...["ipv6IpamPoolId", "ipv6NetmaskLength", "region"],
];

/** awsx:ec2:Vpc with subnetStrategy "Auto" or "Exact": the VPC, its gateways, and each zone's subnets with their routes. */
export async function constructVpc(construction: Construction): Promise<Outputs> {
  const plan = await planVpc(construction);
  const site = await openSite(construction, plan);
  const internet = construction.register(
    "aws:ec2/internetGateway:InternetGateway",
    construction.name,
    { ...site.region, vpcId: site.vpc.id, tags: site.tags },
    below(site.vpc),
  );
  const subnets = registerSubnets(site);
  const nat = registerNatGateways(site, subnets);
  const routes = registerRoutes(site, subnets, { internet, nat });
  const endpoints = registerEndpoints(site, subnets);

  const every = subnets.map(({ subnet }) => subnet);
  const ofType = (wanted: string) =>
    subnets.filter(({ type }) => type === wanted).map(({ subnet }) => subnet);
  const tables = subnets.map(({ routeTable }) => routeTable);
  const associations = subnets.map(({ association }) => association);
  const natGateways = nat.map(({ gateway }) => gateway);
  const eips = nat.flatMap(({ eip }) => eip ?? []);
  // All are let finish before the first failure is reported: what was made must be in the state.
  await Promise.allSettled([
    internet,
    ...every,
    ...tables,
    ...associations,
    ...eips,
    ...natGateways,
    ...routes,
    ...endpoints,
  ]);

  return {
    vpc: site.vpc.reference,
    vpcId: site.vpc.id,
    internetGateway: (await internet).reference,
    subnets: await references(every),
    publicSubnets: await references(ofType("public")),
    privateSubnets: await references(ofType("private")),
    isolatedSubnets: await references(ofType("isolated")),
    publicSubnetIds: await ids(ofType("public")),
    privateSubnetIds: await ids(ofType("private")),
    isolatedSubnetIds: await ids(ofType("isolated")),
    routeTables: await references(tables),
    routeTableAssociations: await references(associations),
    routes: await references(routes),
    natGateways: await references(natGateways),
    eips: await references(eips),
    vpcEndpoints: await references(endpoints),
    subnetLayout: plan.specs.map(({ name, type, cidrMask, size, cidrBlocks }) =>
      given({ name, type, cidrMask, size, cidrBlocks }),
    ),
  };
}

async function openSite(construction: Construction, plan: VpcPlan): Promise<Site> {
  const { name, inputs, register } = construction;
  const givenTags = entriesOf(inputs["tags"]);
  const tags = { Name: name, ...givenTags };
  const vpc = await register("aws:ec2/vpc:Vpc", name, {
    ...(wantsPrivateDns(plan) ? { enableDnsHostnames: true, enableDnsSupport: true } : {}),
    ...given(Object.fromEntries(PASSED_ON.map((property) => [property, inputs[property]]))),
    cidrBlock: plan.cidrBlock,
    tags,
  });
  return { construction, plan, vpc, region: given({ region: inputs["region"] }), givenTags, tags };
}

function given(values: Inputs): Inputs {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

async function references(registered: readonly Promise<Registered>[]): Promise<readonly unknown[]> {
  return (await Promise.all(registered)).map(({ reference }) => reference);
}

async function ids(registered: readonly Promise<Registered>[]): Promise<readonly unknown[]> {
  return (await Promise.all(registered)).map(({ id }) => id);
}
