/** Dotted numbers, a slash and a prefix length. */
export const cidrForm =
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:\d|[12]\d|3[0-2])$/;

/** RFC 1918. */
const privateBlocks = [
  { first: address("10.0.0.0"), prefix: 8 },
  { first: address("172.16.0.0"), prefix: 12 },
  { first: address("192.168.0.0"), prefix: 16 },
];

/** AWS makes no larger VPC. */
const widest = 16;
/** Four zones of a public /24, a private /24 and an isolated /28 take a /22 each. */
const narrowest = 20;

/** Why a well-formed block cannot be the network's; undefined when it can. */
export function cidrObjection(block: string): string | undefined {
  const [dotted = "", length = ""] = block.split("/");
  const first = address(dotted);
  const prefix = Number(length);
  if (prefix < widest) return `AWS makes no VPC larger than a /${widest}`;
  if (prefix > narrowest) return `a /${prefix} is too small for four zones`;
  if (startOf(first, prefix) !== first) return "its address has bits set beyond the prefix";
  const isPrivate = privateBlocks.some((range) => startOf(first, range.prefix) === range.first);
  return isPrivate ? undefined : "its addresses belong to the internet";
}

function address(dotted: string): number {
  return dotted.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function startOf(value: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(value / size) * size;
}
