import { total, type Line } from "./estimate.ts";
import type { Range } from "./resource.ts";

/** How one line changes. */
export interface LineChange {
  resource: string;
  type: string;
  /** What is charged after the change, else what was before. */
  what: string;
  kind: Line["kind"];
  before: Range;
  after: Range;
  usd: Range;
}

/** What a change of a stack does to its cost. */
export interface Difference {
  /** What does change, the largest first. */
  lines: readonly LineChange[];
  usd: Range;
}

const nothing: Range = { min: 0, max: 0 };

/** Compares lines by resource and what they are charged for, so that another size of the same thing is one change. */
export function difference(before: readonly Line[], after: readonly Line[]): Difference {
  const was = byPlace(before);
  const is = byPlace(after);
  const lines = [...new Set([...was.keys(), ...is.keys()])]
    .flatMap((place): LineChange[] => {
      const old = was.get(place);
      const now = is.get(place);
      const shown = now ?? old;
      if (!shown) return [];
      const [from, to] = [old?.usd ?? nothing, now?.usd ?? nothing];
      const what = old && now && old.what !== now.what ? `${now.what} in place of ${old.what}` : shown.what;
      const { resource, type, kind } = shown;
      return [{ resource, type, what, kind, before: from, after: to, usd: minus(to, from) }];
    })
    .filter(({ usd }) => Math.abs(usd.min) >= 0.005 || Math.abs(usd.max) >= 0.005)
    .toSorted((a, b) => Math.abs(b.usd.max) - Math.abs(a.usd.max));
  return { lines, usd: minus(total(after), total(before)) };
}

function byPlace(lines: readonly Line[]): Map<string, Line> {
  const places = new Map<string, Line>();
  for (const line of lines) {
    // `rds-postgres-multi-az:db.t4g.large` and `fargate-arm-vcpu` are charged for the same as their siblings.
    const role = line.price.replace(/:.*$/, "").replace(/-(?:multi-az|arm|x86|redis|valkey)/, "");
    const place = `${line.urn} ${role} ${line.region}`;
    places.set(place, line);
  }
  return places;
}

function minus(a: Range, b: Range): Range {
  return { min: a.min - b.min, max: a.max - b.max };
}
