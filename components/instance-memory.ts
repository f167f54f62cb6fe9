/** GiB of memory of the `large` size by the family's first letter (Amazon RDS and ElastiCache user guides, instance types). */
const largeMemoryGiB: Readonly<Record<string, number>> = { t: 8, m: 8, r: 16, x: 32, z: 16 };

const sizeFactors: Readonly<Record<string, number>> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

/**
 * The memory of an instance or node class in GiB, exact for the common families and a careful guess (2) for one it does
 * not know: an alarm on a share of it then comes late, never all the time.
 *
 * @example instanceMemoryGiB("db.t4g.medium") === 4
 */
export function instanceMemoryGiB(instanceClass: string): number {
  const [, family = "", multiple = "", size = ""] = /^\w+\.([a-z])\w*\.(\d*)(\w+)$/.exec(instanceClass) ?? [];
  const large = largeMemoryGiB[family];
  const factor = sizeFactors[size];
  if (large === undefined || factor === undefined) return 2;
  return large * factor * (multiple === "" ? 1 : Number(multiple));
}
