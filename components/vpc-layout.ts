import { retentionProblems } from "./log-group.ts";
import { broken, throwProblems, type Rule } from "./problems.ts";
import type { VpcArgs } from "./vpc.ts";

/** A zone's subnets, /24 + /24 + /28 with their alignment, need 1024 addresses. */
const smallestZone = 22;

/**
 * The netmask of one zone's share of the VPC: a sixteenth of it, but never less than a zone needs. It depends on the block
 * alone, so that adding a zone leaves the addresses of the others as they are.
 *
 * @example zoneMask("10.0.0.0/16") === 20: zones at 10.0.0.0, 10.0.16.0, 10.0.32.0, ...
 */
export function zoneMask(cidrBlock: string): number {
  return Math.min(mask(cidrBlock) + 4, smallestZone);
}

/** How many zones the block has room for. */
export function zoneCapacity(cidrBlock: string): number {
  return 2 ** (zoneMask(cidrBlock) - mask(cidrBlock));
}

function mask(cidrBlock: string): number {
  return Number(cidrBlock.split("/")[1]);
}

/** An IPv4 block of a size that AWS allows and three zones fit in, its address aligned to its mask. */
function isBlock(cidrBlock: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{2})$/.exec(cidrBlock);
  if (!match) return false;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return (
    [a, b, c, d].every((byte) => byte < 256) && bits >= 16 && bits <= 20 && address % 2 ** (32 - bits) === 0
  );
}

/** @throws pulumi.InputPropertiesError with every bad argument */
export function assertVpcArgs(name: string, args: VpcArgs): void {
  throwProblems("Vpc", name, [
    ...broken(rules(args)),
    ...(args.flowLogs ? retentionProblems("flowLogs.retentionDays", args.flowLogs.retentionDays) : []),
  ]);
}

function rules(args: VpcArgs): Rule[] {
  const block = isBlock(args.cidrBlock);
  const repeated = args.interfaceEndpoints.filter((service, index, all) => all.indexOf(service) !== index);
  return [
    {
      path: "cidrBlock",
      holds: block,
      message: `is "${args.cidrBlock}", no IPv4 block from /16 to /20 that begins at its first address; give one like "10.0.0.0/16"`,
    },
    {
      path: "zones",
      holds: Number.isInteger(args.zones) && args.zones >= 2 && args.zones <= 6,
      message: `is ${args.zones}; databases and load balancers need at least 2 zones, and no region has more than 6`,
    },
    {
      path: "zones",
      holds: !block || args.zones <= zoneCapacity(args.cidrBlock),
      message: `is ${args.zones}, too many for ${args.cidrBlock}, which has room for ${zoneCapacity(args.cidrBlock)}; take fewer, or a larger block`,
    },
    {
      path: "zoneNames",
      holds: args.zoneNames === undefined || new Set(args.zoneNames).size === args.zones,
      message: `has ${args.zoneNames?.length ?? 0} names for ${args.zones} zones; name each zone once, or leave zoneNames out`,
    },
    {
      path: "interfaceEndpoints",
      holds: repeated.length === 0,
      message: `names ${repeated.join(", ")} more than once; name each service once`,
    },
  ];
}
