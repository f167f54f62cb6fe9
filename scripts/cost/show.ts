import Table from "cli-table3";
import pc from "picocolors";
import { prices, sources } from "../../policies/cost/prices.ts";
import { gathered, total, type Line } from "../../policies/cost/estimate.ts";
import type { Range } from "../../policies/cost/resource.ts";
import type { Change } from "./command.ts";
import type { Priced } from "./inputs.ts";
import type { Currency } from "./options.ts";

/** Amounts of less than half a cent are none. */
const NOTHING = 0.005;

/** So many equal lines become one. */
const MANY = 3;

/** The sections of the result, each with its lines. */
const SECTIONS = {
  baseline: "Baseline: charged whether or not anybody uses it",
  usage: "Usage: estimated, by policies/cost/usage.json",
} as const;

/** Money in the currency that was asked for. */
class Money {
  readonly currency: Currency;
  readonly #perUnit: number;

  constructor(currency: Currency, { usdPerGbp }: Priced["rate"]) {
    this.currency = currency;
    this.#perUnit = currency === "USD" ? 1 : usdPerGbp;
  }

  of(usd: number): number {
    return usd / this.#perUnit;
  }

  text(usd: number): string {
    return this.of(usd).toFixed(2);
  }

  /** With its sign: `+12.40`. */
  change(usd: number): string {
    const amount = this.text(usd);
    return Number(amount) > 0 ? `+${amount}` : amount;
  }

  /** With its sign before the currency: `+GBP 12.40`. */
  signed(usd: number): string {
    const amount = this.change(usd);
    return `${amount.slice(0, 1)}${this.currency} ${amount.slice(1)}`;
  }

  range({ min, max }: Range): string {
    return this.text(min) === this.text(max)
      ? `${this.currency} ${this.text(max)}`
      : `${this.currency} ${this.text(min)} to ${this.text(max)}`;
  }
}

/** What a person reads. */
export function asTables(stack: string, currency: Currency, priced: Priced, change?: Change): string {
  const money = new Money(currency, priced.rate);
  const { subject, estimate, rate } = priced;
  const sum = total(estimate.lines);
  return [
    pc.bold(`${stack}: ${subject.environment} at ${subject.scale} scale in ${subject.region}\n`),
    ...Object.entries(SECTIONS).map(([kind, title]) =>
      section(
        title,
        estimate.lines.filter((line) => line.kind === kind),
        money,
      ),
    ),
    unpriced(priced),
    `${pc.bold(`Total: ${money.range(sum)} a month`)}${scaled(sum)}. ${budgetText(priced, sum, money)}`,
    allowances(priced, money),
    `On demand, without tax, 730 hours a month, USD ${rate.usdPerGbp} per GBP (${rate.asOf}). Prices as of ${oldestPrice()} or later; docs/cost.md says how it is reckoned.`,
    ...(change ? ["", changes(change, money)] : []),
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

function scaled({ min, max }: Range): string {
  return max - min < NOTHING ? "" : ", from scaled in to scaled out";
}

function section(title: string, lines: readonly Line[], money: Money): string {
  const shown = lines.filter(({ usd }) => usd.max >= NOTHING);
  const table = grid(["Resource", "What", "Price in USD", `${money.currency} least`, "most"], [2, 3, 4]);
  for (const row of grouped(shown)) {
    const { usd: each, unit } = prices[row.line.price] ?? { usd: 0, unit: "" };
    table.push([
      row.name,
      row.line.what,
      `${each} per ${unit}`,
      money.text(row.usd.min),
      money.text(row.usd.max),
    ]);
  }
  const sum = total(lines);
  table.push([pc.bold("Together"), "", "", pc.bold(money.text(sum.min)), pc.bold(money.text(sum.max))]);
  const hidden = lines.length - shown.length;
  return `${pc.bold(title)}\n${table.toString()}${hidden > 0 ? `\n${hidden} lines of less than a cent.` : ""}\n`;
}

/** The largest first; equal lines of many resources as one. */
export function grouped(lines: readonly Line[]): { name: string; line: Line; usd: Range }[] {
  const groups = Object.values(
    Object.groupBy(lines, ({ type, price, what, usd }) => `${type} ${price} ${what} ${usd.max}`),
  );
  return groups
    .flatMap((group = []) => {
      const [line] = group;
      if (!line) return [];
      if (group.length < MANY) return group.map((one) => ({ name: one.resource, line: one, usd: one.usd }));
      return [{ name: `${line.resource} and ${group.length - 1} more`, line, usd: total(group) }];
    })
    .toSorted((a, b) => b.usd.max - a.usd.max);
}

function unpriced({ estimate }: Priced): string | undefined {
  if (estimate.unpriced.length === 0) return undefined;
  const lines = gathered(estimate.unpriced).map(
    ({ resource, reason }) => `  ${resource.name} (${resource.type}): ${reason.message}`,
  );
  return `${pc.red(pc.bold("Without a price, and in no sum"))}\n${lines.join("\n")}\n`;
}

function budgetText({ budget, rate, estimate }: Priced, sum: Range, money: Money): string {
  const usd = budget.gbp * rate.usdPerGbp;
  const inPounds = money.currency === "GBP" ? "" : `GBP ${budget.gbp.toFixed(2)}, `;
  const allowed = `${money.currency} ${money.text(usd)} (${inPounds}${budget.from})`;
  const over = sum.max - usd;
  if (over > 0)
    return pc.red(
      `That is ${money.currency} ${money.text(over)} over ${allowed}, and the policy cost-within-budget refuses it.`,
    );
  return estimate.unpriced.length > 0
    ? pc.red(`Whether that is within ${allowed} nobody knows: not everything has a price.`)
    : pc.green(`That is within ${allowed}.`);
}

function allowances({ estimate }: Priced, money: Money): string {
  const pools = estimate.allowances.map(({ pool, usd }) => `${pool} ${money.text(usd.max)}`);
  if (pools.length === 0) return "Nothing of it is ever free.";
  const sum = total(estimate.allowances);
  return `Not counted: what an account gets free each month, up to ${money.range(sum)} if no other stack uses it (${pools.join(", ")}).`;
}

function changes({ revision, lines, usd }: Change, money: Money): string {
  const least = money.signed(usd.min);
  const most = money.signed(usd.max);
  const amount = least === most ? most : `${least} scaled in, ${most} scaled out`;
  if (lines.length === 0) return pc.bold(`Against ${revision}: nothing changes what it costs.`);
  const table = grid(["Resource", "What", "Before", "After", `${money.currency} change`], [2, 3, 4]);
  for (const line of lines)
    table.push([
      line.resource,
      line.what,
      money.text(line.before.max),
      money.text(line.after.max),
      coloured(line.usd.max, money),
    ]);
  const heading = pc.bold(`Against ${revision}: this change costs ${amount} a month, from these lines`);
  return `${heading}\n${table.toString()}`;
}

function coloured(usd: number, money: Money): string {
  const text = money.change(usd);
  return usd > 0 ? pc.red(text) : pc.green(text);
}

/** A table with no more lines than its head's. */
function grid(head: string[], right: number[]): Table.Table {
  const none = Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
      .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
      .map((name) => [name, ""]),
  );
  return new Table({
    head: head.map((title) => pc.dim(title)),
    chars: { ...none, middle: "  " },
    colAligns: head.map((_, index) => (right.includes(index) ? "right" : "left")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
}

function oldestPrice(): string {
  return (
    Object.values(sources)
      .map(({ date }) => date)
      .toSorted()[0] ?? ""
  );
}

/** What a program reads: amounts in the currency, unrounded. */
export function asData(stack: string, currency: Currency, priced: Priced, change?: Change): string {
  const money = new Money(currency, priced.rate);
  const amount = ({ min, max }: Range): Range => ({ min: money.of(min), max: money.of(max) });
  const { subject, estimate, budget, rate } = priced;
  const of = (kind: Line["kind"]): Range =>
    amount(total(estimate.lines.filter((line) => line.kind === kind)));
  return JSON.stringify(
    {
      stack,
      ...subject,
      currency,
      rate,
      budget,
      total: amount(total(estimate.lines)),
      baseline: of("baseline"),
      usage: of("usage"),
      lines: estimate.lines.map(({ usd, ...line }) => ({ ...line, amount: amount(usd) })),
      allowances: estimate.allowances.map(({ pool, usd }) => ({ pool, amount: amount(usd) })),
      unpriced: estimate.unpriced.map(({ resource, reason }) => ({
        resource: resource.name,
        type: resource.type,
        problem: reason.message,
      })),
      ...(change && {
        difference: {
          revision: change.revision,
          amount: amount(change.usd),
          lines: change.lines.map(({ usd, before, after, ...line }) => ({
            ...line,
            before: amount(before),
            after: amount(after),
            amount: amount(usd),
          })),
        },
      }),
    },
    undefined,
    2,
  );
}
