import type { Context, Inputs } from "../rule.ts";

/** The inputs of RandomPassword and RandomString, defaults filled in. */
export interface Recipe {
  readonly length: number;
  readonly sets: readonly { readonly characters: string; readonly least: number }[];
}

const SETS = [
  { use: "lower", least: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { use: "upper", least: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { use: "numeric", least: "minNumeric", characters: "0123456789" },
  { use: "special", least: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
];

/** What the inputs ask for. */
export function recipeOf(inputs: Inputs): Recipe {
  return {
    length: Number(inputs["length"]),
    sets: SETS.map(({ use, least, characters }) => ({
      characters:
        (inputs[use] ?? (use === "numeric" ? inputs["number"] : undefined)) === false
          ? ""
          : use === "special" &&
              typeof inputs["overrideSpecial"] === "string" &&
              inputs["overrideSpecial"] !== ""
            ? inputs["overrideSpecial"]
            : characters,
      least: typeof inputs[least] === "number" ? inputs[least] : 0,
    })),
  };
}

/** A random text by the recipe: the least of each set first, the rest of all sets, then shuffled. Every character is equally likely. */
export function randomText({ length, sets }: Recipe, context: Context): string {
  const numbers = numbersBelow(context, "text");
  const pick = (characters: string): string => characters.charAt(numbers(characters.length));
  const all = sets.map(({ characters }) => characters).join("");
  const picked = sets.flatMap(({ characters, least }) =>
    Array.from({ length: least }, () => pick(characters)),
  );
  while (picked.length < length) picked.push(pick(all));
  return shuffled(picked, numbers).join("");
}

/** Unbiased whole numbers from 0 to below a limit of at most 2^32, drawn from the creation's own bytes. */
export function numbersBelow(context: Context, salt: string): (limit: number) => number {
  let drawn = 0;
  return (limit) => {
    const fair = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const bytes = Buffer.from(context.bytes(4, `${salt}:${drawn}`));
      drawn += 1;
      const number = bytes.readUInt32BE(0);
      if (number < fair) return number % limit;
    }
  };
}

/** A copy in random order (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], numbers: (limit: number) => number): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = numbers(last + 1);
    const held = copy[last] as T;
    copy[last] = copy[other] as T;
    copy[other] = held;
  }
  return copy;
}
