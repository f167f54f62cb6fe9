import ipaddr from "ipaddr.js";

/** An inclusive range of addresses. */
interface Range {
  first: bigint;
  last: bigint;
}

type Family = "ipv4" | "ipv6";

/** IPv6 addresses that the internet routes: 2000::/3. */
const INTERNET: Record<Family, Range> = {
  ipv4: { first: 0n, last: 2n ** 32n - 1n },
  ipv6: { first: 1n << 125n, last: (1n << 126n) - 1n },
};

/** The range of a CIDR block, or undefined if it is none. An IPv4-mapped IPv6 block counts as the IPv4 it stands for. */
function rangeOf(cidr: string): { family: Family; range: Range } | undefined {
  if (!ranges.has(cidr)) ranges.set(cidr, parsedRange(cidr));
  return ranges.get(cidr);
}

/** A stack names the same few blocks many times. */
const ranges = new Map<string, { family: Family; range: Range } | undefined>();

function parsedRange(cidr: string): { family: Family; range: Range } | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && prefix >= 96) {
    return { family: "ipv4", range: block(address.toIPv4Address().toByteArray(), prefix - 96) };
  }
  return { family: address.kind(), range: block(address.toByteArray(), prefix) };
}

/** Ranges that the internet does not route (RFC 1918, 6598, 3927, 1122, 4193, 4291). */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
];

/** True where the block holds an address of the internet. Text that is no block counts as one that does. */
export function holdsInternet(cidr: string): boolean {
  const own = rangeOf(cidr);
  if (!own) return true;
  return !PRIVATE.some((block) => {
    const range = rangeOf(block);
    return (
      range?.family === own.family &&
      range.range.first <= own.range.first &&
      own.range.last <= range.range.last
    );
  });
}

/** True where two blocks share an address. */
export function intersect(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  if (!a || !b) return true;
  return a.family === b.family && a.range.first <= b.range.last && b.range.first <= a.range.last;
}

function block(bytes: number[], prefix: number): Range {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const hostBits = BigInt(bytes.length * 8 - prefix);
  const first = (value >> hostBits) << hostBits;
  return { first, last: first + (1n << hostBits) - 1n };
}

/**
 * True where the blocks together hold at least half of the internet's addresses, IPv4 or IPv6: joined, because
 * 0.0.0.0/1 and 128.0.0.0/1 are as much the world as 0.0.0.0/0 is. Text that is no CIDR block counts as nothing.
 */
export function isWorld(cidrs: string[]): boolean {
  const ranges = cidrs.flatMap((cidr) => rangeOf(cidr) ?? []);
  return (["ipv4", "ipv6"] as const).some((family) => {
    const internet = INTERNET[family];
    const within = ranges
      .filter((entry) => entry.family === family)
      .map(({ range }) => clip(range, internet));
    return 2n * size(within) >= internet.last - internet.first + 1n;
  });
}

function clip(range: Range, to: Range): Range {
  return {
    first: range.first > to.first ? range.first : to.first,
    last: range.last < to.last ? range.last : to.last,
  };
}

/** How many addresses the ranges hold, counted once where they overlap. */
function size(ranges: Range[]): bigint {
  let total = 0n;
  let end = -1n;
  for (const { first, last } of ranges.toSorted((one, other) => (one.first < other.first ? -1 : 1))) {
    if (last < first || last <= end) continue;
    total += last - (first > end ? first - 1n : end);
    end = last;
  }
  return total;
}
