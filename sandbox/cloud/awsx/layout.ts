import { formatBlock, overlaps, parseBlock } from "../aws/cidr.ts";

/** One kind of subnet that each zone gets. */
export interface SubnetSpec {
  readonly type: string;
  /** @default - the type in lower case */
  readonly name?: string;
  /** @default - an even share of the zone */
  readonly cidrMask?: number;
  /** Addresses, a power of two; another way to give the mask. */
  readonly size?: number;
  /** One block a zone; all specs give them or none. */
  readonly cidrBlocks?: readonly string[];
}

/** What is to be laid out. */
export interface LayoutRequest {
  readonly vpcCidr: string;
  readonly zones: number;
  /** Bits of one zone's block. @default - the VPC's mask + ceil(log2(zones)) */
  readonly zoneMask?: number;
  /** @default - a private and a public subnet, at most /17 and /18 */
  readonly specs?: readonly SubnetSpec[];
}

/** One subnet's place: indices count from 0. */
export interface Placement {
  readonly zone: number;
  readonly spec: number;
  readonly cidrBlock: string;
}

/** The specs with mask and size both filled in. Throws with every problem at once. */
export function normalizeSpecs(specs: readonly SubnetSpec[], zones: number): readonly SubnetSpec[] {
  const problems = [
    ...duplicateNames(specs),
    ...specs.flatMap((spec, index) => specProblems(spec, index, specs, zones)),
  ];
  if (problems.length > 0) throw new Error(`Invalid subnet specifications:\n - ${problems.join("\n - ")}`);
  return specs.map((spec) => {
    const cidrMask = spec.cidrMask ?? (spec.size === undefined ? undefined : 32 - Math.log2(spec.size));
    return cidrMask === undefined || spec.cidrBlocks !== undefined
      ? spec
      : { ...spec, cidrMask, size: 2 ** (32 - cidrMask) };
  });
}

/**
 * Where pulumi-awsx ("Auto") puts each subnet: every zone gets the next block, and in it the specs follow each other in
 * the order given, each at the first free address aligned to its own mask. Throws when a zone is too small.
 */
export function layOutSubnets({ vpcCidr, zones, zoneMask, specs }: LayoutRequest): readonly Placement[] {
  const vpc = parseBlock(vpcCidr);
  const mask = zoneMask ?? zoneMaskFor(vpcCidr, zones);
  const wanted = specs ?? defaultSpecs(mask);
  if (wanted.length === 0) throw new Error("No subnets specified");
  const given = wanted.every(({ cidrBlocks }) => cidrBlocks !== undefined);
  const placements = given
    ? explicitPlacements(wanted, zones)
    : placedInZones({ first: vpc.first, mask, zones, specs: wanted });
  refuseOverlaps(placements);
  return placements;
}

/** The mask of one zone's block where none is given: a fourth zone fits beside three, a fifth renumbers all. */
export function zoneMaskFor(vpcCidr: string, zones: number): number {
  return parseBlock(vpcCidr).mask + bitsFor(zones);
}

/** What awsx lays out when no specs are given. */
export function defaultSpecs(zoneMask: number): readonly SubnetSpec[] {
  if (zoneMask > 26)
    throw new Error(
      `Automatic subnet creation requires a VPC with at least /26 available per AZ, but only /${zoneMask} is available. ` +
        "If you do need very small subnets, please specify them explicitly.",
    );
  return ["Private", "Public"].map((type, index) => ({ type, cidrMask: Math.max(zoneMask, 16) + index + 1 }));
}

interface ZoneRequest {
  readonly first: number;
  readonly mask: number;
  readonly zones: number;
  readonly specs: readonly SubnetSpec[];
}

function placedInZones({ first, mask, zones, specs }: ZoneRequest): Placement[] {
  const zoneSize = 2 ** (32 - mask);
  const share = mask + bitsFor(specs.length);
  const needed = specs.reduce((sum, { cidrMask = share }) => sum + 2 ** (32 - cidrMask), 0);
  if (needed > zoneSize)
    throw new Error(
      `Subnets are too large for VPC. VPC has ${zoneSize} addresses, but subnets require ${needed} addresses.`,
    );
  return Array.from({ length: zones }, (_, zone) => {
    let next = first + zone * zoneSize;
    return specs.map(({ cidrMask = share }, spec) => {
      const size = 2 ** (32 - cidrMask);
      const start = Math.ceil(next / size) * size;
      next = start + size;
      return { zone, spec, cidrBlock: formatBlock(start, cidrMask) };
    });
  }).flat();
}

function explicitPlacements(specs: readonly SubnetSpec[], zones: number): Placement[] {
  return Array.from({ length: zones }, (_, zone) =>
    specs.map(({ cidrBlocks = [] }, spec) => ({ zone, spec, cidrBlock: cidrBlocks[zone] ?? "" })),
  ).flat();
}

function refuseOverlaps(placements: readonly Placement[]): void {
  const blocks = placements.map(({ cidrBlock }) => parseBlock(cidrBlock));
  const overlapping = placements.filter((_, index) =>
    blocks.some((block, other) => other !== index && overlaps(block, blocks[index] ?? block)),
  );
  if (overlapping.length > 0)
    throw new Error(
      "The following subnets overlap with at least one other subnet. Make the CIDR for the VPC larger, reduce the size of the " +
        `subnets per AZ, or use less Availability Zones: ${overlapping.map(({ cidrBlock }) => cidrBlock).join(", ")}`,
    );
}

function bitsFor(count: number): number {
  return count === 0 ? 0 : Math.ceil(Math.log2(count));
}

function duplicateNames(specs: readonly SubnetSpec[]): string[] {
  const seen = new Set<string>();
  return specs.flatMap(({ type, name }) => {
    const key = `${type.toLowerCase()}/${name ?? ""}`;
    const again = seen.has(key);
    seen.add(key);
    return again ? [`Multiple subnet specs of type "${type.toLowerCase()}" require unique names`] : [];
  });
}

function specProblems(
  spec: SubnetSpec,
  index: number,
  specs: readonly SubnetSpec[],
  zones: number,
): string[] {
  const { cidrMask, size, cidrBlocks } = spec;
  const exponent = size === undefined ? undefined : 32 - Math.log2(size);
  const problems: string[] = [];
  if (exponent !== undefined && (!Number.isInteger(exponent) || exponent < 0 || exponent > 30))
    problems.push(`subnetSpecs[${index}].size must be a power of two, got ${size ?? 0}`);
  if (exponent !== undefined && cidrMask !== undefined && exponent !== cidrMask)
    problems.push(
      `subnetSpecs[${index}].size ${size ?? 0} does not match /${cidrMask} (${2 ** (32 - cidrMask)})`,
    );
  if (cidrBlocks === undefined && specs.some((other) => other.cidrBlocks !== undefined))
    problems.push("If any subnet spec has explicit cidrBlocks, all subnets must have explicit cidrBlocks");
  if (cidrBlocks !== undefined && cidrBlocks.length !== zones)
    problems.push(
      `The number of CIDR blocks in subnetSpecs[${index}] must match the number of availability zones (${zones})`,
    );
  return problems;
}
