/** Widths of Helvetica's and Arial's letters in thousandths of the size, where they differ from most others' 556. */
const widths: readonly [string, number][] = [
  ["ijl'|", 222],
  [" !.,:;/\\ft[]I", 278],
  ['()-r"', 333],
  ["cksvxyzJ", 500],
  ["FTZ", 611],
  ["ABEKPSVXY&", 667],
  ["CDHNRUw", 722],
  ["GOQ", 778],
  ["mM", 833],
  ["W@%", 950],
];

const widthOf = new Map(
  widths.flatMap(([letters, width]) => Array.from(letters, (letter) => [letter, width])),
);

/** How wide a line is in pixels, a little more than in the fonts that browsers have: no text leaves its box. */
export function textWidth(line: string, size: number): number {
  const thousandths = Array.from(line).reduce((sum, letter) => sum + (widthOf.get(letter) ?? 556), 0);
  return Math.ceil((thousandths / 1000) * size * 1.15);
}
