import { Linked, plain } from "../component.ts";
import type { Construction } from "../component.ts";
import { UNKNOWN } from "../rule.ts";
import type { Inputs } from "../rule.ts";
import { defaultSpecs, layOutSubnets, normalizeSpecs, zoneMaskFor } from "./layout.ts";
import type { Placement, SubnetSpec } from "./layout.ts";

/** The arguments that decide how many resources there are; they are plain in awsx, too. */
interface PlainArguments {
  readonly availabilityZoneCidrMask?: number;
  readonly availabilityZoneNames?: readonly string[];
  readonly cidrBlock?: string;
  readonly natGateways?: { readonly strategy?: string; readonly elasticIpAllocationIds?: readonly string[] };
  readonly numberOfAvailabilityZones?: number;
  readonly subnetNameTagStrategy?: string;
  readonly subnetSpecs?: readonly SubnetSpec[];
  readonly subnetStrategy?: string;
  readonly vpcEndpointSpecs?: readonly Inputs[];
  readonly vpcEndpointStrategy?: string;
}

/** What is to be made, decided before anything is registered. */
export interface VpcPlan {
  readonly zones: readonly string[];
  readonly cidrBlock: string;
  readonly specs: readonly SubnetSpec[];
  readonly placements: readonly Placement[];
  /** Zones, counted from 0, that get a NAT gateway. */
  readonly natZones: readonly number[];
  readonly allocationIds: readonly string[];
  readonly zoneInNameTags: boolean;
  readonly endpoints: readonly Inputs[];
  readonly fillsEndpoints: boolean;
}

/** The plan. Throws an Error on arguments awsx refuses, or that only awsx itself can do. */
export async function planVpc(construction: Construction): Promise<VpcPlan> {
  const args = plain(construction.inputs) as PlainArguments;
  const strategy = args.subnetStrategy ?? "Legacy";
  if (strategy !== "Auto" && strategy !== "Exact")
    throw new Error(
      `subnetStrategy "${strategy}" is not in the stand-in cloud, whose layout is that of "Auto" and "Exact". Give subnetStrategy: "Auto".`,
    );
  const zones = await zonesFor(construction, args);
  const cidrBlock = args.cidrBlock ?? "10.0.0.0/16";
  const zoneMask = args.availabilityZoneCidrMask ?? zoneMaskFor(cidrBlock, zones.length);
  const specs =
    args.subnetSpecs === undefined ? defaultSpecs(zoneMask) : normalizeSpecs(args.subnetSpecs, zones.length);
  const endpointStrategy = args.vpcEndpointStrategy ?? "Legacy";
  return {
    zones,
    cidrBlock,
    specs,
    placements: layOutSubnets({ vpcCidr: cidrBlock, zones: zones.length, zoneMask, specs }),
    natZones: natZones(args, specs, zones.length),
    allocationIds: args.natGateways?.elasticIpAllocationIds ?? [],
    zoneInNameTags: args.subnetNameTagStrategy === "AvailabilityZone",
    endpoints: args.vpcEndpointSpecs ?? [],
    fillsEndpoints: endpointStrategy === "Auto",
  };
}

/** An object argument whose entries may be linked to resources, e.g. `tags`. */
export function entriesOf(value: unknown): Inputs {
  const inner = value instanceof Linked ? value.value : value;
  if (inner === UNKNOWN) throw new Error("tags must be known when the VPC is planned");
  return (inner ?? {}) as Inputs;
}

async function zonesFor({ invoke, inputs }: Construction, args: PlainArguments): Promise<readonly string[]> {
  if (args.availabilityZoneNames !== undefined && args.numberOfAvailabilityZones !== undefined)
    throw new Error("Only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified");
  if (args.availabilityZoneNames !== undefined) return args.availabilityZoneNames;
  const wanted = args.numberOfAvailabilityZones ?? 3;
  const region = plain(inputs["region"]);
  const { names } = await invoke(
    "aws:index/getAvailabilityZones:getAvailabilityZones",
    typeof region === "string" ? { region } : {},
  );
  const found = Array.isArray(names) ? names.map(String) : [];
  if (found.length < wanted)
    throw new Error(
      `The configured region for this provider does not have at least ${wanted} Availability Zones. ` +
        `Either specify an explicit list of zones in availabilityZoneNames or choose a region with at least ${wanted} AZs.`,
    );
  return found.slice(0, wanted);
}

function natZones(
  { natGateways = {} }: PlainArguments,
  specs: readonly SubnetSpec[],
  zones: number,
): readonly number[] {
  const strategy = natGateways.strategy ?? "OnePerAz";
  const addresses = natGateways.elasticIpAllocationIds?.length ?? 0;
  const gateways: Readonly<Record<string, number>> = { none: 0, single: 1, oneperaz: zones };
  const count = gateways[strategy.toLowerCase()];
  if (count === undefined) throw new Error(`Unknown NatGatewayStrategy '${strategy}'`);
  if (addresses > 0 && addresses !== count)
    throw new Error(
      `Exactly ${count} Elastic IPs may be specified when NAT Gateway strategy is '${strategy}', got ${addresses}.`,
    );
  const types = new Set(specs.map(({ type }) => type.toLowerCase()));
  if (count > 0 && !(types.has("public") && (types.has("private") || types.has("isolated"))))
    throw new Error(
      "If NAT Gateway strategy is 'OnePerAz' or 'Single', public subnets must be declared to host the NAT Gateway resource, " +
        "along with private or isolated subnets to route through it.",
    );
  return Array.from({ length: count }, (_, zone) => zone);
}
