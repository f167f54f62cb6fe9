import type { Graph, Node } from "../core/graph.ts";
import { whyFree } from "./free.ts";
import { compute } from "./kinds/compute.ts";
import { data } from "./kinds/data.ts";
import { edge } from "./kinds/edge.ts";
import { network } from "./kinds/network.ts";
import { operation } from "./kinds/operation.ts";
import { outside } from "./outside.ts";
import { prices, type Price } from "./prices.ts";
import {
  HOW_TO_ADD,
  Resource,
  Unpriced,
  UnpricedRegion,
  type Item,
  type Pricer,
  type Range,
} from "./resource.ts";
import type { Subject } from "./subject.ts";
import type { Usage } from "./usage.ts";

/** A line of the estimate, in USD a month. */
export interface Line extends Item {
  /** The resource's name. */
  resource: string;
  type: string;
  urn: string;
  region: string;
  quantity: Range;
  unit: string;
  usd: Range;
}

/** Something that the estimate leaves out, because nobody knows its price. */
export interface Gap {
  resource: Pick<Node, "name" | "type" | "urn">;
  reason: Unpriced;
}

const NAMED = 5;

/** The gaps, those of a region without prices as one: a stack that lies there would bury what else has none. */
export function gathered(unpriced: readonly Gap[]): Gap[] {
  const regions = new Map<string, { first: Gap; reason: UnpricedRegion; names: string[] }>();
  const gaps: Gap[] = [];
  for (const gap of unpriced) {
    const { resource, reason } = gap;
    if (!(reason instanceof UnpricedRegion)) {
      gaps.push(gap);
      continue;
    }
    const region = regions.get(reason.region);
    if (region) region.names.push(resource.name);
    else regions.set(reason.region, { first: gap, reason, names: [resource.name] });
  }
  for (const { first, reason, names } of regions.values()) {
    const more = names.length > NAMED ? ", ..." : "";
    const what = `${names.length} resources (${names.slice(0, NAMED).join(", ")}${more})`;
    gaps.push(
      names.length === 1
        ? first
        : { ...first, reason: new UnpricedRegion(reason.region, what, reason.priced) },
    );
  }
  return gaps;
}

/** What the account's free allowances would take off if no other stack used them. */
export interface AllowanceUse {
  pool: string;
  usd: Range;
}

/** What a stack costs a month. */
export interface Estimate {
  lines: readonly Line[];
  unpriced: readonly Gap[];
  allowances: readonly AllowanceUse[];
}

/** How each type is priced; types that cost nothing stand in free.ts. */
export const PRICERS: Readonly<Record<string, Pricer>> = {
  ...compute,
  ...data,
  ...edge,
  ...network,
  ...operation,
};

/** `alarm-2` stands before `alarm-10`. */
const NAMES = new Intl.Collator("en", { numeric: true });

/** Prices each resource of a stack, and what it needs outside AWS. Works on a preview. */
export function estimate(graph: Graph, { region, scale }: Subject, usage: Usage): Estimate {
  const lines: Line[] = [];
  const unpriced: Gap[] = [];
  // The engine shows resources in the order in which they happen to be registered: results are compared.
  const { compare } = NAMES;
  const nodes = graph.nodes.toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.type, b.type) || compare(a.urn, b.urn),
  );
  for (const node of nodes) {
    if (!node.custom) continue;
    const resource = new Resource(node, graph, region, usage);
    try {
      for (const item of itemsOf(resource)) lines.push(lineOf(item, node, resource.region));
    } catch (error) {
      if (!(error instanceof Unpriced)) throw error;
      unpriced.push({ resource: node, reason: error });
    }
  }
  for (const { name, items } of outside(usage, scale))
    for (const item of items)
      lines.push(lineOf(item, { name, type: "outside the stack", urn: name }, region));
  return { lines, unpriced, allowances: allowancesOf(lines) };
}

function itemsOf(resource: Resource): Item[] {
  const { type } = resource.node;
  const pricer = PRICERS[type];
  if (pricer) return pricer(resource);
  if (whyFree(type) !== undefined) return [];
  throw new Unpriced(
    "type",
    "without a price",
    "priced, or declared free with the reason",
    `Price ${type} in policies/cost/kinds/, or name it in policies/cost/free.ts (CONTRIBUTING.md, "To add a price").`,
  );
}

function lineOf(item: Item, node: Pick<Node, "name" | "type" | "urn">, ownRegion: string): Line {
  const { usd, unit } = priceIn(item.price, item.region ?? ownRegion);
  const quantity =
    typeof item.quantity === "number" ? { min: item.quantity, max: item.quantity } : item.quantity;
  return {
    ...item,
    resource: node.name,
    type: node.type,
    urn: node.urn,
    region: item.region ?? ownRegion,
    quantity,
    unit,
    usd: { min: quantity.min * usd, max: quantity.max * usd },
  };
}

/** @throws Unpriced where the table has none for the region */
export function priceIn(id: string, region: string): Price {
  const price = prices[id];
  if (price === undefined)
    throw new Unpriced("price", `unknown (${id})`, "one of policies/cost/prices.ts", HOW_TO_ADD);
  if (price.regions.includes("global") || price.regions.includes(region)) return price;
  throw new UnpricedRegion(region, id, price.regions);
}

/** The free part of each pool: as much as there is, from the pool's dearest lines. */
function allowancesOf(lines: readonly Line[]): AllowanceUse[] {
  const pools = new Map<string, { left: Range; usd: Range }>();
  const dearestFirst = lines.toSorted((a, b) => (prices[b.price]?.usd ?? 0) - (prices[a.price]?.usd ?? 0));
  for (const { price, quantity } of dearestFirst) {
    const { free, usd } = prices[price] ?? {};
    if (free === undefined || usd === undefined) continue;
    const pool = pools.get(free.pool) ?? {
      left: { min: free.quantity, max: free.quantity },
      usd: { min: 0, max: 0 },
    };
    for (const end of ["min", "max"] as const) {
      const taken = Math.min(pool.left[end], quantity[end]);
      pool.left[end] -= taken;
      pool.usd[end] += taken * usd;
    }
    pools.set(free.pool, pool);
  }
  return [...pools].flatMap(([pool, { usd }]) => (usd.max > 0 ? { pool, usd } : []));
}

/** The sum of lines; an empty list costs nothing. */
export function total(lines: readonly { usd: Range }[]): Range {
  const sum = (end: keyof Range): number => lines.reduce((all, line) => all + line.usd[end], 0);
  return { min: sum("min"), max: sum("max") };
}
