import type { ChildOptions, Construction, Registered } from "../component.ts";
import type { Inputs } from "../rule.ts";
import { entriesOf } from "./vpc-arguments.ts";
import type { VpcPlan } from "./vpc-arguments.ts";

/** What every child of the VPC is made with. */
export interface Site {
  readonly construction: Construction;
  readonly plan: VpcPlan;
  readonly vpc: Registered;
  /** The `region` input where one was given. */
  readonly region: Inputs;
  /** The tags that were given. */
  readonly givenTags: Inputs;
  /** The same with the VPC's name. */
  readonly tags: Inputs;
}

/** A subnet and what belongs to it, while it is being registered. */
export interface SubnetParts {
  /** In lower case. */
  readonly type: string;
  /** Counted from 0. */
  readonly zone: number;
  readonly name: string;
  readonly subnet: Promise<Registered>;
  readonly routeTable: Promise<Registered>;
  readonly association: Promise<Registered>;
}

/** awsx makes each child depend on its parent explicitly. */
export function below(parent: Registered): ChildOptions {
  return { parent, dependsOn: [parent] };
}

/** Registers every subnet with its route table and their association, in awsx's order: by zone, then public, private, isolated. */
export function registerSubnets(site: Site): readonly SubnetParts[] {
  return subnetNames(site).map((named) => registerSubnet(site, named));
}

interface NamedSubnet {
  readonly type: string;
  readonly zone: number;
  readonly zoneName: string;
  readonly cidrBlock: string;
  readonly name: string;
  readonly nameTag: string;
  readonly tags: Inputs;
}

const ORDER = ["public", "private", "isolated"];

function subnetNames({ construction, plan }: Site): readonly NamedSubnet[] {
  const rawSpecs = construction.inputs["subnetSpecs"];
  return plan.placements
    .flatMap(({ zone, spec, cidrBlock }): NamedSubnet[] => {
      const { type, name: given } = plan.specs[spec] ?? { type: "Unused" };
      if (type === "Unused") return [];
      const zoneName = plan.zones[zone] ?? "";
      const stem = `${construction.name}-${given ?? type.toLowerCase()}`;
      const name = `${stem}-${zone + 1}`;
      const nameTag = plan.zoneInNameTags ? `${stem}-${zoneSuffix(zoneName)}` : name;
      const raw: unknown = Array.isArray(rawSpecs) ? rawSpecs[spec] : undefined;
      return [{ type, zone, zoneName, cidrBlock, name, nameTag, tags: entriesOf(entriesOf(raw)["tags"]) }];
    })
    .toSorted((one, other) => one.zone - other.zone || rank(one) - rank(other));
}

function rank({ type }: NamedSubnet): number {
  return ORDER.indexOf(type.toLowerCase());
}

/** "1a" of "us-east-1a". */
function zoneSuffix(zone: string): string {
  return zone.replace(/^[a-z]{2}(?:-[a-z]+)+-/, "");
}

function registerSubnet(site: Site, named: NamedSubnet): SubnetParts {
  const { construction, vpc, region } = site;
  const { name, type, zone } = named;
  const last = { Name: named.nameTag, SubnetType: type };
  const subnet = construction.register(
    "aws:ec2/subnet:Subnet",
    name,
    {
      ...region,
      vpcId: vpc.id,
      availabilityZone: named.zoneName,
      mapPublicIpOnLaunch: type.toLowerCase() === "public",
      cidrBlock: named.cidrBlock,
      assignIpv6AddressOnCreation: false,
      tags: { ...site.tags, ...named.tags, ...last },
    },
    below(vpc),
  );
  const routeTable = subnet.then((parent) =>
    construction.register(
      "aws:ec2/routeTable:RouteTable",
      name,
      { ...region, vpcId: vpc.id, tags: { ...site.tags, ...last } },
      below(parent),
    ),
  );
  const association = Promise.all([subnet, routeTable]).then(([made, table]) =>
    construction.register(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      name,
      { ...region, routeTableId: table.id, subnetId: made.id },
      below(table),
    ),
  );
  return { type: type.toLowerCase(), zone, name, subnet, routeTable, association };
}
