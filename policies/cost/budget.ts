import type { Settings } from "../core/configuration.ts";
import { total, type Estimate, type Line } from "./estimate.ts";
import { waysUnder } from "./savings.ts";
import type { Subject } from "./subject.ts";

/** The program's own setting goes before the pack's. */
const BUDGET_KEY = "macro-ai:monthlyBudget";

/** With it a hobby stack keeps the network and the database of enterprise, on the way from there. */
const RETAIN_KEY = "macro-ai:retainEnterpriseData";

/**
 * What a stack may cost, in GBP a month, by environment and scale or by scale, and what a pound costs. AWS bills in USD
 * without tax. A project changes them in the pack's configuration.
 */
export const budgetSettings = {
  "development-hobby": 5,
  "staging-hobby": 5,
  "uat-hobby": 5,
  "production-hobby": 10,
  "dr-hobby": 10,
  enterprise: 300,
  usdPerGbp: 1.3,
  /** The month of which the rate is. */
  usdPerGbpAsOf: "2026-08",
} as const satisfies Settings;

/** What a stack may cost. */
export interface Budget {
  gbp: number;
  /** Who says so. */
  from: string;
}

/** What a pound costs, and when. */
export interface Rate {
  usdPerGbp: number;
  asOf: string;
}

export function rateOf(settings: Settings): Rate {
  return {
    usdPerGbp: Number(settings["usdPerGbp"] ?? budgetSettings.usdPerGbp),
    asOf: String(settings["usdPerGbpAsOf"] ?? budgetSettings.usdPerGbpAsOf),
  };
}

export function budgetOf(
  configuration: Readonly<Record<string, string>>,
  { environment, scale }: Pick<Subject, "environment" | "scale">,
  settings: Settings,
): Budget {
  const own = Number(configuration[BUDGET_KEY]);
  if (own > 0) return { gbp: own, from: BUDGET_KEY };
  if (configuration[RETAIN_KEY] === "true" && scale !== "enterprise")
    return {
      ...budgetOf({}, { environment, scale: "enterprise" }, settings),
      from: `enterprise's budget, because of ${RETAIN_KEY}`,
    };
  const all: Settings = { ...budgetSettings, ...settings };
  return {
    gbp: Number(all[`${environment}-${scale}`] ?? all[scale]),
    from: `the budget of ${environment} at ${scale} scale`,
  };
}

/** For example `GBP 12.40`. */
export function pounds(usd: number, { usdPerGbp }: Rate): string {
  return `GBP ${(usd / usdPerGbp).toFixed(2)}`;
}

/** A sum that does not come back within its budget. */
export interface Overrun {
  is: string;
  must: string;
  fix: string;
}

const SHOWN_LINES = 5;

/** What to say of a stack that may cost more than it should when it is scaled out; undefined where it keeps its budget. */
export function overrun({ lines }: Estimate, budget: Budget, rate: Rate): Overrun | undefined {
  const sum = total(lines);
  const over = sum.max - budget.gbp * rate.usdPerGbp;
  if (over <= 0) return undefined;
  const money = (usd: number): string => pounds(usd, rate);
  const range = sum.max - sum.min < 0.005 ? "" : `, ${money(sum.min)} scaled in`;
  const largest = lines
    .toSorted((a, b) => b.usd.max - a.usd.max)
    .slice(0, SHOWN_LINES)
    .map((line) => `${describe(line)} ${money(line.usd.max)}`);
  const ways = waysUnder(lines, over);
  return {
    is: `${money(sum.max)} at USD ${rate.usdPerGbp} per GBP (${rate.asOf})${range}, without free allowances`,
    must: `at most GBP ${budget.gbp.toFixed(2)}, ${budget.from}`,
    fix: [
      `The largest lines: ${largest.join("; ")}.`,
      ways
        .map(({ changes, usd }) => `${changes.join(", and ")} would bring it under by saving ${money(usd)}.`)
        .join(" "),
      `Or raise ${BUDGET_KEY}. npm run cost shows all lines.`,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  };
}

function describe({ resource, what }: Line): string {
  return `${resource}: ${what}`;
}
