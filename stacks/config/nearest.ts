import { distance } from "fastest-levenshtein";

/** The word that a misspelt one most probably meant; undefined when it resembles none of them. */
export function closest<Word extends string>(misspelt: unknown, words: readonly Word[]): Word | undefined {
  if (typeof misspelt !== "string") return undefined;
  const wanted = misspelt.toLowerCase();
  if (wanted.length >= 3) {
    const abbreviated = words.filter((word) => word.toLowerCase().startsWith(wanted));
    if (abbreviated.length === 1) return abbreviated[0];
  }
  const [best] = words
    .map((word) => ({ word, edits: distance(wanted, word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.ceil(best.word.length / 2) ? best.word : undefined;
}
