/** The middle of what was measured, and how far it spread. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError where nothing was measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError("There is no median of no values.");
  const below = sorted[Math.ceil(sorted.length / 2) - 1] ?? least;
  const above = sorted[Math.floor(sorted.length / 2)] ?? most;
  return { median: (below + above) / 2, least, most };
}

/**
 * How many times the second each of the first is, round by round: what slows the machine down for a while slows both.
 *
 * @throws RangeError when there are not as many of the one as of the other.
 */
export function ratioOf(values: readonly number[], references: readonly number[]): Spread {
  if (values.length !== references.length)
    throw new RangeError(`There are ${values.length} values and ${references.length} to compare them with.`);
  return spreadOf(values.map((value, round) => value / (references[round] ?? Number.NaN)));
}

/** E.g. `1.42 (1.38-1.51)`. */
export function spreadText({ median, least, most }: Spread, digits = 2): string {
  const [middle, low, high] = [median, least, most].map((value) => value.toFixed(digits));
  return `${middle ?? ""} (${low ?? ""}-${high ?? ""})`;
}
