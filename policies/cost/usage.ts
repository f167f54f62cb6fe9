import { globPattern } from "../core/glob.ts";
import { Reader } from "../core/reader.ts";
import { ENVIRONMENTS, SCALES, type Subject } from "./subject.ts";
import committed from "./usage.json" with { type: "json" };
import { isUsageKey, usageKeys, type UsageKey } from "./usage-keys.ts";

/** Quantities for the resources whose name fits a pattern, in which `*` is any text. */
interface Entry {
  /** In its file: `production.resources["api-*"]`. */
  path: string;
  pattern: RegExp;
  quantities: Partial<Record<UsageKey, number>>;
}

/** Quantities for some stacks: for each resource, and for some by name. */
interface Layer {
  quantities: Partial<Record<UsageKey, number>>;
  resources: Entry[];
  /** Whether it is of the file that the user named. */
  isOwn: boolean;
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
  /** Who asked for what. */
  readonly #asked = new Map<UsageKey, Set<string>>();

  /** @param layers The more particular one stands later. */
  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** A resource's own quantity before a layer's, within the most particular layer that has one. */
  of(resource: string, key: UsageKey): number {
    const asked = this.#asked.get(key) ?? new Set();
    this.#asked.set(key, asked.add(resource));
    for (const { quantities, resources } of this.#layers.toReversed()) {
      const own = resources.findLast(
        (entry) => entry.pattern.test(resource) && entry.quantities[key] !== undefined,
      );
      const quantity = own?.quantities[key] ?? quantities[key];
      if (quantity !== undefined) return quantity;
    }
    return 0;
  }

  /**
   * What the user's own file says of resources by name and nothing has read, once a stack is priced.
   *
   * @param unpriced Resources that could not be priced, which ask for nothing.
   */
  unread(unpriced: ReadonlySet<string>): Unread[] {
    return this.#layers
      .filter(({ isOwn }) => isOwn)
      .flatMap(({ resources }) => resources)
      .filter(({ pattern }) => ![...unpriced].some((name) => pattern.test(name)))
      .flatMap(({ path, pattern, quantities }) =>
        Object.keys(quantities)
          .filter(isUsageKey)
          .flatMap((key) => {
            const by = [...(this.#asked.get(key) ?? [])].toSorted();
            return by.some((name) => pattern.test(name)) ? [] : { path: `${path}.${key}`, by };
          }),
      );
  }
}

/** A quantity that nothing has read. */
export interface Unread {
  path: string;
  /** The resources that are charged by its key. */
  by: readonly string[];
}

const NAMED = 12;

/** As a problem of the file. */
export function unreadText({ path, by }: Unread): string {
  if (by.length === 0) return `${path} matches no resource: nothing in this stack is charged by that`;
  const named = by.length > NAMED ? `${by.slice(0, NAMED).join(", ")}, ...` : by.join(", ");
  return `${path} matches no resource of this stack that is charged by that; ${by.length === 1 ? "there is" : "there are"} ${named}`;
}

/** Stacks that a part of a usage file speaks of, the more particular later: `hobby`, `staging`, `staging-hobby`. */
const SELECTORS: readonly string[] = [
  ...SCALES,
  ...ENVIRONMENTS,
  ...ENVIRONMENTS.flatMap((environment) => SCALES.map((scale) => `${environment}-${scale}`)),
];

/** More is a slip of the pen: AWS as a whole has not so many requests, or gigabytes. */
const MOST = 1e12;
const QUANTITY = "a number from 0 to 1e12";

/** Refuses a file that cannot be read, whatever the stack. @throws UsageError with every problem */
export function checkUsage({ file, content }: { file: string; content: unknown }): void {
  read(file, content, "partial");
}

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
      ).map(([pattern, own]) => ({
        path: `${selector}.resources["${pattern}"]`,
        pattern: globPattern(pattern),
        quantities: own,
      })),
      isOwn: extent === "partial",
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
    if (typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= MOST && isUsageKey(key))
      quantities[key] = value;
    else reader.tell(`${path}.${key}`, `is ${JSON.stringify(value)}; it must be ${QUANTITY}`);
  }
  return quantities;
}
