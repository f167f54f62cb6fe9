import { globPattern } from "../core/glob.ts";
import { Reader } from "../core/reader.ts";
import { ENVIRONMENTS, SCALES, type Subject } from "./subject.ts";
import committed from "./usage.json" with { type: "json" };
import { isUsageKey, usageKeys, type UsageKey } from "./usage-keys.ts";

/** Quantities for some stacks: for each resource, and for those whose name fits a pattern in which `*` is any text. */
interface Layer {
  quantities: Partial<Record<UsageKey, number>>;
  resources: { pattern: RegExp; quantities: Partial<Record<UsageKey, number>> }[];
}

/** What is wrong with a usage file: every problem, with its path. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(
      `${file} has ${problems.length} problem(s):\n  ${problems.join("\n  ")}\n` +
        'What it may say stands in docs/cost.md, "Usage".',
    );
    this.problems = problems;
  }
}

/** How much a stack's resources are used. */
export class Usage {
  readonly #layers: readonly Layer[];

  /** @param layers The more particular one stands later. */
  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** A resource's own quantity before a layer's, within the most particular layer that has one. */
  of(resource: string, key: UsageKey): number {
    for (const { quantities, resources } of this.#layers.toReversed()) {
      const own = resources.findLast(
        (entry) => entry.pattern.test(resource) && entry.quantities[key] !== undefined,
      );
      const quantity = own?.quantities[key] ?? quantities[key];
      if (quantity !== undefined) return quantity;
    }
    return 0;
  }
}

/** Stacks that a part of a usage file speaks of, the more particular later: `hobby`, `staging`, `staging-hobby`. */
const SELECTORS: readonly string[] = [
  ...SCALES,
  ...ENVIRONMENTS,
  ...ENVIRONMENTS.flatMap((environment) => SCALES.map((scale) => `${environment}-${scale}`)),
];

const QUANTITY = "a number of 0 or more";

/**
 * The committed usage of such a stack, with a file's own over it.
 *
 * @param own What a usage file has, and its name. @default - none
 * @throws UsageError with every problem
 */
export function usageOf(subject: Subject, own?: { file: string; content: unknown }): Usage {
  const files = [{ file: "policies/cost/usage.json", content: committed as unknown }, ...(own ? [own] : [])];
  return new Usage(
    files.flatMap(({ file, content }, index) => {
      const layers = read(file, content, index === 0 ? "complete" : "partial");
      const { environment, scale } = subject;
      return [scale, environment, `${environment}-${scale}`].flatMap(
        (selector) => layers.get(selector) ?? [],
      );
    }),
  );
}

function read(file: string, content: unknown, extent: "complete" | "partial"): Map<string, Layer> {
  const reader = new Reader();
  const layers = new Map<string, Layer>();
  for (const [selector, given] of Object.entries(reader.object(content, "", SELECTORS))) {
    const keys = [...Object.keys(usageKeys), "resources"];
    const { resources = {}, ...quantities } = reader.object(given, selector, keys);
    layers.set(selector, {
      quantities: numbers(reader, quantities, selector),
      resources: Object.entries(
        reader.record(resources, `${selector}.resources`, (entry, path) =>
          numbers(reader, reader.object(entry, path, Object.keys(usageKeys)), path),
        ),
      ).map(([pattern, own]) => ({ pattern: globPattern(pattern, "s"), quantities: own })),
    });
  }
  if (extent === "complete")
    for (const scale of SCALES)
      for (const key of Object.keys(usageKeys).filter(isUsageKey))
        if (layers.get(scale)?.quantities[key] === undefined)
          reader.tell(`${scale}.${key}`, `is not set; it must be ${QUANTITY}`);
  if (reader.problems.length > 0) throw new UsageError(file, reader.problems);
  return layers;
}

function numbers(
  reader: Reader,
  given: Record<string, unknown>,
  path: string,
): Partial<Record<UsageKey, number>> {
  const quantities: Partial<Record<UsageKey, number>> = {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "number" && Number.isFinite(value) && value >= 0 && isUsageKey(key))
      quantities[key] = value;
    else reader.tell(`${path}.${key}`, `is ${JSON.stringify(value)}; it must be ${QUANTITY}`);
  }
  return quantities;
}
