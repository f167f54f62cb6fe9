import { difference, type LineChange } from "../../policies/cost/difference.ts";
import { total } from "../../policies/cost/estimate.ts";
import type { Range } from "../../policies/cost/resource.ts";
import { subjectOf } from "../../policies/cost/subject.ts";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { price } from "../cost/inputs.ts";

/** What the stack costs a month, in GBP, and what the change does to that. */
export interface CostChange {
  readonly before: Range;
  readonly after: Range;
  readonly difference: Range;
  readonly budget: { readonly gbp: number; readonly from: string };
  readonly isOver: boolean;
  /** USD a pound, and the month of which that is. */
  readonly rate: { readonly usdPerGbp: number; readonly asOf: string };
  /** In GBP, the largest first. */
  readonly lines: readonly (Pick<LineChange, "resource" | "type" | "what" | "kind"> & {
    before: Range;
    after: Range;
    difference: Range;
  })[];
  /** What is in no sum because nobody knows its price. */
  readonly unpriced: readonly string[];
}

/** Prices both sides; undefined for a stack of another program, whose use nobody has told. */
export function costChange(before: Snapshot, after: Snapshot): CostChange | undefined {
  if (!subjectOf(after.occasion.stack)) return undefined;
  const [was, is] = [price(before), price(after)];
  const { rate, budget } = is;
  const pounds = ({ min, max }: Range): Range => ({ min: min / rate.usdPerGbp, max: max / rate.usdPerGbp });
  // A stack that does not stand yet costs nothing, its DNS zone and its rented services included.
  const old = before.declared.length === 0 ? [] : was.estimate.lines;
  const { lines, usd } = difference(old, is.estimate.lines);
  const now = pounds(total(is.estimate.lines));
  return {
    before: pounds(total(old)),
    after: now,
    difference: pounds(usd),
    budget,
    isOver: now.max > budget.gbp,
    rate,
    lines: lines.map(({ resource, type, what, kind, before: from, after: to, usd: change }) => ({
      resource,
      type,
      what,
      kind,
      before: pounds(from),
      after: pounds(to),
      difference: pounds(change),
    })),
    unpriced: is.estimate.unpriced.map(({ resource, reason }) => `${resource.name}: ${reason.message}`),
  };
}
