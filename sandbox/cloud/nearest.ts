import { closest, distance } from "fastest-levenshtein";

/** The known name that a misspelt one probably meant; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = name.toLowerCase();
  const best = known.find((candidate) => candidate.toLowerCase() === lower) ?? closest(name, known);
  return distance(lower, best.toLowerCase()) <= Math.max(2, Math.ceil(name.length / 3)) ? best : undefined;
}

/** "; did you mean "x"?", or what is allowed when nothing is near and the list is short. */
export function suggestion(name: string, known: readonly string[]): string {
  const best = nearest(name, known);
  if (best !== undefined) return `; did you mean "${best}"?`;
  return known.length > 0 && known.length <= 12 ? `; known are ${known.toSorted().join(", ")}` : "";
}
