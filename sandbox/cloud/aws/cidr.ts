/** A block of IPv4 addresses as numbers; `last` is inclusive. */
export interface Block {
  readonly first: number;
  readonly last: number;
  readonly mask: number;
}

/** The block of "10.0.0.0/16". Throws on anything else, and on host bits that are set. */
export function parseBlock(cidr: string): Block {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const numbers = found?.slice(1).map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, mask = 33] = numbers;
  if ([a, b, c, d].some((part) => part > 255) || mask > 32)
    throw new Error(`"${cidr}" is not an IPv4 CIDR block such as 10.0.0.0/16`);
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - mask);
  if (first % size !== 0)
    throw new Error(
      `"${cidr}" has host bits set: the block would be ${formatBlock(first - (first % size), mask)}`,
    );
  return { first, last: first + size - 1, mask };
}

/** "10.0.0.0/16" of its first address and mask. */
export function formatBlock(first: number, mask: number): string {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${parts.join(".")}/${mask}`;
}

export function contains(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlaps(one: Block, other: Block): boolean {
  return one.first <= other.last && other.first <= one.last;
}
