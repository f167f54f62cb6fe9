import type { Graph, Node } from "../core/graph.ts";
import { isKnown } from "../core/unknown.ts";
import type { UsageKey } from "./usage-keys.ts";
import type { Usage } from "./usage.ts";

/** From the least to the most that autoscaling leaves room for. */
export interface Range {
  min: number;
  max: number;
}

/** One thing that a resource is charged for. */
export interface Item {
  /** An id of the table of prices. */
  price: string;
  /** For example `2 to 4 tasks of 0.5 vCPU, Arm`. */
  what: string;
  /** In the price's unit, a month. */
  quantity: number | Range;
  /** Baseline is charged whether or not anybody uses it; usage is estimated. */
  kind: "baseline" | "usage";
  /** Where it differs from the resource's. */
  region?: string;
}

/** What a resource is charged for. A throw of {@link Unpriced} is a problem of this resource alone. */
export type Pricer = (resource: Resource) => Item[];

/** Something without a price. */
export class Unpriced extends Error {
  override name = "Unpriced";
  readonly property: string;
  readonly is: string;
  readonly must: string;
  readonly fix: string;
  /** Whether the value is one that only the update knows. */
  readonly unknown: boolean;

  constructor(
    property: string,
    is: string,
    must: string,
    fix: string,
    certainty: "known" | "unknown" = "known",
  ) {
    super(`${property} is ${is}; it must be ${must}. ${fix}`);
    this.property = property;
    this.is = is;
    this.must = must;
    this.fix = fix;
    this.unknown = certainty === "unknown";
  }
}

/** Something that lies where the table has no prices. */
export class UnpricedRegion extends Unpriced {
  readonly region: string;
  readonly priced: readonly string[];

  /** @param what What has no price there: `nat-gateway`, or `4 resources (...)` */
  constructor(region: string, what: string, priced: readonly string[]) {
    const must = `one with prices: ${priced.join(", ")}`;
    super("region", `${region}, for which there is no price of ${what}`, must, HOW_TO_ADD);
    this.region = region;
    this.priced = priced;
  }
}

/** A resource as pricers read it. */
export class Resource {
  readonly node: Node;
  readonly graph: Graph;
  /** The region that it lies in. */
  readonly region: string;
  /** The stack's region. */
  readonly home: string;
  readonly #usage: Usage;

  constructor(node: Node, graph: Graph, home: string, usage: Usage) {
    this.node = node;
    this.graph = graph;
    this.home = home;
    this.#usage = usage;
    const own = node.inputs["region"];
    this.region = typeof own === "string" ? own : home;
  }

  /** How much of something this resource uses a month. */
  usage(key: UsageKey): number {
    return this.#usage.of(this.node.name, key);
  }

  /** An input; undefined where it is not set. @throws Unpriced where a preview does not know it */
  value(property: string): unknown {
    return known(this.node, property);
  }

  /** @throws Unpriced where it is neither a text nor left out for a default */
  text(property: string, preset?: string): string {
    const value = this.value(property) ?? preset;
    if (typeof value === "string" && value !== "") return value;
    throw new Unpriced(property, shown(value), "a text", `Set ${property}.`);
  }

  /** @throws Unpriced where it is neither a number nor left out for a default */
  number(property: string, preset?: number): number {
    return numberOf(this.value(property) ?? preset, property);
  }

  isTrue(property: string): boolean {
    return this.value(property) === true;
  }

  /** Elements of a list, or how many resources of a type an unknown list comes from. */
  count(property: string, ofType: string): number {
    const value = this.node.inputs[property];
    if (isKnown(value) && Array.isArray(value)) return value.length;
    const sources = this.node.sources(property).filter(({ type }) => type === ofType).length;
    if (sources > 0) return sources;
    throw new Unpriced(
      property,
      isKnown(value) ? shown(value) : "not known yet",
      "a list, or come from resources of this stack",
      `Set ${property}.`,
      isKnown(value) ? "known" : "unknown",
    );
  }

  /** Refuses what the table has no price for. */
  only(property: string, allowed: readonly unknown[], preset: unknown): void {
    const value = this.value(property) ?? preset;
    if (!allowed.includes(value))
      throw new Unpriced(
        property,
        shown(value),
        `one of ${allowed.map(shown).join(", ")}, which have prices`,
        HOW_TO_ADD,
      );
  }
}

/** What to do about something that has no price. */
export const HOW_TO_ADD =
  'Add its price with source, date and region to policies/cost/prices.ts (CONTRIBUTING.md, "To add a price").';

/** An input of any resource; undefined where it is not set. @throws Unpriced where a preview does not know it */
export function known(node: Node, property: string): unknown {
  const value = node.inputs[property];
  if (isKnown(value)) return value ?? undefined;
  throw new Unpriced(
    node.name === "" ? property : `${node.name}'s ${property}`,
    "not known yet",
    "known, so that it can be priced",
    `Set ${property} to a value that a preview knows.`,
    "unknown",
  );
}

/** Numbers that AWS takes as text, too. @throws Unpriced */
export function numberOf(value: unknown, property: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new Unpriced(property, shown(value), "a number", `Set ${property}.`);
}

export function shown(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}

export function baseline(price: string, what: string, quantity: number | Range): Item {
  return { price, what, quantity, kind: "baseline" };
}

export function used(price: string, what: string, quantity: number | Range): Item {
  return { price, what, quantity, kind: "usage" };
}
