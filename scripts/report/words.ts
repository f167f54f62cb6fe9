import type { Range } from "../../policies/cost/resource.ts";
import { isRefused, type Report } from "./build.ts";
import type { Change, Kind } from "./changes.ts";
import type { CostChange } from "./cost.ts";
import type { PropertyChange } from "./properties.ts";

/** What all renderings say alike. */

export const verbs: Readonly<Record<Kind, string>> = {
  delete: "deleted",
  replace: "replaced",
  create: "created",
  import: "imported",
  update: "updated",
  read: "read",
};

/** `2 deleted, 1 replaced, 290 unchanged`. */
export function countsText({ counts, policies }: Report): string {
  const changed = Object.entries(verbs).flatMap(([kind, verb]) => {
    const number = counts[kind] ?? 0;
    return number === 0 ? [] : `${number} ${verb}`;
  });
  const same = `${counts["same"] ?? 0} unchanged`;
  if (!policies) return `the preview ended early, ${[...changed, same].join(", ")} until then`;
  return changed.length === 0 ? `nothing changes, ${same}` : [...changed, same].join(", ");
}

/** What takes the place of policies, cost and network where the preview did not come to the whole stack. */
export const NOT_JUDGED =
  "Policies, cost and network are not judged: the preview ended before it had come to the whole stack. Mend what the engine refuses, and preview again.";

/** The report in a few words. */
export function verdict(report: Report): string {
  if (report.losses.length > 0)
    return `data would be lost with ${plural(report.losses.length, "resource")}${isRefused(report) ? ", and it would be refused" : ""}`;
  return isRefused(report) ? "it would be refused" : "nothing is lost";
}

/** `replaced: the objects in it are lost`. */
export function lossText({ kind, loses, properties }: Change): string {
  const causes = properties.filter(({ replaces }) => replaces).map(({ path }) => path);
  const because = causes.length === 0 ? "" : ` It is replaced because of ${causes.join(", ")}.`;
  return `would be ${verbs[kind]}. Lost for good: ${loses ?? "nothing"}.${because}`;
}

/** A property's change in one line. */
export function propertyText({ kind, before, after, path, replaces }: PropertyChange): string {
  return `${path}: ${valuesText({ kind, before, after })}${replaces ? " (forces the replacement)" : ""}`;
}

export function valuesText({
  kind,
  before = "(none)",
  after = "(none)",
}: {
  kind: PropertyChange["kind"];
  before?: string | undefined;
  after?: string | undefined;
}): string {
  if (kind === "add") return `added, ${after}`;
  if (kind === "delete") return `removed, was ${before}`;
  // The engine tells that a secret changes, and not into what.
  return before === after ? `${after}, changes` : `${before} → ${after}`;
}

/** `GBP 242.07 to 290.79`. */
export function money({ min, max }: Range): string {
  return min.toFixed(2) === max.toFixed(2)
    ? `GBP ${max.toFixed(2)}`
    : `GBP ${min.toFixed(2)} to ${max.toFixed(2)}`;
}

/** `+GBP 12.40`. */
export function signed({ min, max }: Range): string {
  const one = (amount: number): string =>
    Math.abs(amount) < 0.005 ? "GBP 0.00" : `${amount < 0 ? "-" : "+"}GBP ${Math.abs(amount).toFixed(2)}`;
  return one(min) === one(max) ? one(max) : `${one(min)} scaled in, ${one(max)} scaled out`;
}

export function costText({ after, difference, budget, isOver, rate, unpriced }: CostChange): string {
  const isKnown = isOver || unpriced.length === 0;
  const within = isOver
    ? "over"
    : isKnown
      ? "within"
      : "and what has no price, of which nobody knows whether it is within";
  return (
    `This change costs ${signed(difference)} a month: ${money(after)} in all, ${within} the budget of ` +
    `GBP ${budget.gbp.toFixed(2)} (${budget.from}; USD ${rate.usdPerGbp} per GBP of ${rate.asOf}).`
  );
}

export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
