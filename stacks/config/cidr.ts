import { BlockList } from "node:net";

/** Dotted numbers, a slash and a prefix length. */
export const cidrForm =
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:\d|[12]\d|3[0-2])$/;

const privateAddresses = new BlockList();
// RFC 1918.
privateAddresses.addSubnet("10.0.0.0", 8);
privateAddresses.addSubnet("172.16.0.0", 12);
privateAddresses.addSubnet("192.168.0.0", 16);

/** AWS makes no larger VPC. */
const widest = 16;
/** Four zones of a public /24, a private /24 and an isolated /28 take a /22 each. */
const narrowest = 20;

/** Why a well-formed block cannot be the network's; undefined when it can. */
export function cidrObjection(block: string): string | undefined {
  const [dotted = "", length = ""] = block.split("/");
  const prefix = Number(length);
  if (prefix < widest) return `AWS makes no VPC larger than a /${widest}`;
  if (prefix > narrowest) return `a /${prefix} is too small for four zones`;
  if (numberOf(dotted) % 2 ** (32 - prefix) !== 0) return "its address has bits set beyond the prefix";
  return privateAddresses.check(dotted) ? undefined : "its addresses belong to the internet";
}

function numberOf(dotted: string): number {
  return dotted.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
