import bcrypt from "bcryptjs";
import { UNKNOWN } from "../rule.ts";
import type { Context, Inputs, Problem, Rule, Rules } from "../rule.ts";
import { numbersBelow, randomText, recipeOf, shuffled } from "./characters.ts";
import { ADJECTIVES, ADVERBS, ANIMALS } from "./words.ts";

const TEXT_INPUTS = [
  "length",
  "lower",
  "upper",
  "number",
  "numeric",
  "special",
  "overrideSpecial",
  "minLower",
  "minUpper",
  "minNumeric",
  "minSpecial",
  "keepers",
];

const TEXT_DEFAULTS = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  special: true,
  upper: true,
};

/** RandomPassword and RandomString: one recipe, one of them secret. */
const text: Rule = {
  id: (ctx) => randomText(recipeOf(ctx.inputs), ctx),
  computed: (ctx) => ({ keepers: {}, result: randomText(recipeOf(ctx.inputs), ctx) }),
  defaults: TEXT_DEFAULTS,
  replaceOn: TEXT_INPUTS,
  check: textProblems,
};

/** Every type of the random provider the program may use. The values are as random as node:crypto makes the creation's seed. */
export const rules: Rules = {
  "random:index/randomString:RandomString": text,
  "random:index/randomPassword:RandomPassword": {
    ...text,
    id: () => "none",
    computed: (ctx) => {
      const result = randomText(recipeOf(ctx.inputs), ctx);
      // Like the provider, which hashes no more than the 72 bytes bcrypt can take.
      return {
        bcryptHash: bcrypt.hashSync(Buffer.from(result).subarray(0, 72).toString(), 10),
        keepers: {},
        result,
      };
    },
  },
  "random:index/randomBytes:RandomBytes": {
    id: () => "none",
    computed: (ctx) => {
      const bytes = Buffer.from(ctx.bytes(Number(ctx.inputs["length"])));
      return { base64: bytes.toString("base64"), hex: bytes.toString("hex"), keepers: {} };
    },
    replaceOn: ["length", "keepers"],
    check: atLeast("length", 1),
  },
  "random:index/randomId:RandomId": {
    id: (ctx) => idBytes(ctx).toString("base64url"),
    computed: (ctx) => {
      const bytes = idBytes(ctx);
      const prefix = typeof ctx.inputs["prefix"] === "string" ? ctx.inputs["prefix"] : "";
      return {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(10),
        hex: prefix + bytes.toString("hex"),
        keepers: {},
      };
    },
    replaceOn: ["byteLength", "prefix", "keepers"],
    check: atLeast("byteLength", 1),
  },
  "random:index/randomInteger:RandomInteger": {
    id: (ctx) => String(integerOf(ctx)),
    computed: (ctx) => ({ keepers: {}, result: integerOf(ctx) }),
    replaceOn: ["max", "min", "seed", "keepers"],
    check: ({ min, max }) =>
      typeof min === "number" && typeof max === "number" && max < min
        ? [{ property: "max", reason: `expected at least min (${min}), got ${max}` }]
        : [],
  },
  "random:index/randomPet:RandomPet": {
    id: petName,
    computed: () => ({ keepers: {} }),
    defaults: { length: 2, separator: "-" },
    replaceOn: ["length", "prefix", "separator", "keepers"],
    check: atLeast("length", 1),
  },
  "random:index/randomShuffle:RandomShuffle": {
    id: () => "-",
    computed: (ctx) => ({ keepers: {}, results: shuffledInputs(ctx) }),
    replaceOn: ["inputs", "resultCount", "seed", "keepers"],
  },
  "random:index/randomUuid:RandomUuid": {
    id: uuidOf,
    computed: (ctx) => ({ keepers: {}, result: uuidOf(ctx) }),
    replaceOn: ["keepers"],
  },
};

function textProblems(inputs: Inputs): Problem[] {
  const { length, sets } = recipeOf(inputs);
  if (inputs["length"] === UNKNOWN) return [];
  const least = sets.reduce((sum, { least: one }) => sum + one, 0);
  return [
    ...atLeast("length", 1)(inputs),
    ...(least > length
      ? [
          {
            property: "length",
            reason: `expected at least the sum of minLower, minUpper, minNumeric and minSpecial (${least}), got ${length}`,
          },
        ]
      : []),
    ...(sets.every(({ characters }) => characters === "")
      ? [{ property: "lower", reason: "at least one of lower, upper, numeric and special must be true" }]
      : []),
  ];
}

function atLeast(property: string, least: number) {
  return (inputs: Inputs): Problem[] => {
    const value = inputs[property];
    return typeof value === "number" && (value < least || !Number.isInteger(value))
      ? [{ property, reason: `expected a whole number of at least ${least}, got ${value}` }]
      : [];
  };
}

function idBytes({ inputs, bytes }: Context): Buffer {
  return Buffer.from(bytes(Number(inputs["byteLength"])));
}

function integerOf(ctx: Context): number {
  const { min, max } = ctx.inputs;
  return Number(min) + numbersBelow(ctx, "integer")(Number(max) - Number(min) + 1);
}

/** Adverbs, one adjective and an animal, as many words as asked for. */
function petName(ctx: Context): string {
  const { length = 2, prefix, separator = "-" } = ctx.inputs;
  const numbers = numbersBelow(ctx, "pet");
  const pick = (words: readonly string[]): string => words[numbers(words.length)] ?? "";
  const count = Number(length);
  const words = [
    ...Array.from({ length: Math.max(0, count - 2) }, () => pick(ADVERBS)),
    ...(count > 1 ? [pick(ADJECTIVES)] : []),
    pick(ANIMALS),
  ];
  return [...(typeof prefix === "string" && prefix !== "" ? [prefix] : []), ...words].join(String(separator));
}

function shuffledInputs(ctx: Context): readonly unknown[] {
  const { inputs: items, resultCount } = ctx.inputs;
  const all = Array.isArray(items) ? (items as unknown[]) : [];
  const count = typeof resultCount === "number" ? resultCount : all.length;
  const numbers = numbersBelow(ctx, "shuffle");
  const results: unknown[] = [];
  while (results.length < count && all.length > 0)
    results.push(...shuffled(all, numbers).slice(0, count - results.length));
  return results;
}

/** A version 4 UUID. */
function uuidOf(ctx: Context): string {
  const bytes = Buffer.from(ctx.bytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
