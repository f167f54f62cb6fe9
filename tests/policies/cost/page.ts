import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { budgetOf, budgetSettings } from "../../../policies/cost/budget.ts";
import { estimate, total, type Estimate, type Line } from "../../../policies/cost/estimate.ts";
import { prices, sources } from "../../../policies/cost/prices.ts";
import type { Range } from "../../../policies/cost/resource.ts";
import { subjectOf, type Subject } from "../../../policies/cost/subject.ts";
import { usageKeys } from "../../../policies/cost/usage-keys.ts";
import committedUsage from "../../../policies/cost/usage.json" with { type: "json" };
import { usageOf } from "../../../policies/cost/usage.ts";
import { grouped } from "../../../scripts/cost/show.ts";
import { code, type GeneratedPage, table } from "../../../scripts/generated-page.ts";
import { standIns } from "../../../stacks/config/keys.ts";
import { evaluate, type Given } from "../../stacks/program.ts";
import { graphOf } from "./evaluated.ts";

/** The stacks that have a committed file. */
const stacks = ["staging", "production"] as const;

/** Smaller lines are told together. */
const SHOWN_USD = 0.25;

export const costPage: GeneratedPage = {
  page: new URL("../../../docs/cost.md", import.meta.url),
  command: "npm run docs:cost",
  layout: "cells",
  render,
};

/** A committed stack with its price. */
export interface Priced {
  stack: string;
  subject: Subject;
  estimate: Estimate;
}

/** What the committed stacks cost, from the program's evaluation under mocks. */
export async function pricedStacks(): Promise<Priced[]> {
  const priced: Priced[] = [];
  for (const stack of stacks) {
    const config = await configOf(stack);
    const { recording } = await evaluate(config, { preview: true, stack });
    const subject = subjectOf(config);
    if (!subject) throw new Error(`Pulumi.${stack}.yaml does not say what it is.`);
    priced.push({ stack, subject, estimate: estimate(graphOf(recording), subject, usageOf(subject)) });
  }
  return priced;
}

/** The committed file, with stand-ins for what only the account's owner knows. */
async function configOf(stack: string): Promise<Given> {
  const file = new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url);
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  const isEnterprise = config["macro-ai:scale"] === "enterprise";
  const owners = standIns().filter(({ secret }) => !secret && isEnterprise);
  return Object.fromEntries([
    ...owners.map(({ key, value }) => [key, value] as const),
    ...Object.entries(config).map(
      ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
    ),
  ]);
}

async function render(): Promise<string> {
  const priced = await pricedStacks();
  return [
    "# What a stack costs",
    "",
    "<!-- npm run docs:cost writes this page from the program, policies/cost/ and the texts in tests/policies/cost/page.ts. -->",
    "",
    method,
    "## The committed stacks",
    "",
    "GBP a month, on demand and without tax, at " +
      `USD ${budgetSettings.usdPerGbp} per GBP (${budgetSettings.usdPerGbpAsOf}).`,
    "",
    summary(priced),
    "",
    ...priced.flatMap(({ stack, subject, estimate: { lines } }) => [
      `### ${stack}: ${subject.environment} at ${subject.scale} scale`,
      "",
      stackTable(lines),
      "",
    ]),
    usageText,
    usageTable(),
    "",
    pricesText,
    pricesTable(),
    "",
    limits,
  ].join("\n");
}

const pounds = (usd: number): string => (usd / budgetSettings.usdPerGbp).toFixed(2);
const both = ({ min, max }: Range): string[] => [pounds(min), pounds(max)];

function summary(priced: readonly Priced[]): string {
  return table(
    ["Stack", "Budget", "Least", "Most", "of it baseline", "of it usage", "Free allowances, not counted"],
    priced.map(({ stack, subject, estimate: { lines, allowances } }) => {
      const of = (kind: Line["kind"]): string =>
        pounds(total(lines.filter((line) => line.kind === kind)).max);
      const { gbp } = budgetOf({}, subject, budgetSettings);
      return [
        code(stack),
        gbp.toFixed(2),
        ...both(total(lines)),
        of("baseline"),
        of("usage"),
        pounds(total(allowances).max),
      ];
    }),
  );
}

function stackTable(lines: readonly Line[]): string {
  const rows = grouped(lines);
  const shown = rows.filter(({ usd }) => usd.max >= SHOWN_USD);
  const rest = total(rows.filter(({ usd }) => usd.max < SHOWN_USD));
  return table(
    ["Resource", "What", "Kind", "Least", "Most"],
    [
      ...shown.map(({ name, line, usd }) => [name, line.what, line.kind, ...both(usd)]),
      [`${rows.length - shown.length} smaller lines`, "", "", ...both(rest)],
    ],
  );
}

function usageTable(): string {
  const { hobby, enterprise } = committedUsage;
  const at = (of: object, key: string): string => String((of as Record<string, unknown>)[key]);
  return table(
    ["Key", "What, a month", "hobby", "enterprise"],
    Object.entries(usageKeys).map(([key, what]) => [code(key), what, at(hobby, key), at(enterprise, key)]),
  );
}

function pricesTable(): string {
  return table(
    ["Price", "USD", "per", "Regions", "Source, read on", "Confidence", "Free a month"],
    Object.entries(prices).map(([id, price]) => [
      code(id),
      price.usd.toFixed(10).replace(/0+$/, "").replace(/\.$/, ""),
      price.unit,
      price.regions.join(", "),
      price.sources.map((source) => `${source}, ${sources[source].date}`).join("; "),
      price.confidence,
      price.free ? `${price.free.quantity} (${price.free.pool})` : "",
    ]),
  );
}

const method = `\`npm run cost\` previews a stack in the sandbox, with no AWS account, and prices the resources that the engine shows; the policy \`cost-within-budget\` does the same in each
preview and update, and refuses a stack that is over its budget. Both use \`policies/cost/\`:

- **Baseline** is charged whether or not anybody uses it; **usage** is estimated, below. They are told apart.
- What **scales by itself** is priced at its least and at its most: tasks by the autoscaling target, storage by \`maxAllocatedStorage\`. The budget holds for the most.
- **Free allowances** are an account's, whatever its age, and two stacks of one account share them. They are told and not counted.
- What **has no price**, a type, a size or a region, is an error that names it and how to add it; it is never zero. Types that cost nothing stand in \`policies/cost/free.ts\`, each with
  the reason. The policy \`cost-priced\` is mandatory in us-east-1, for which the table is made, and advisory elsewhere, so that a recovery does not wait for a price list.
- A value that only the update knows and that decides a price is told as unproven, and judged in the update.

\`\`\`sh
npm run cost                                     # what production costs
npm run cost -- --stack staging --currency USD
npm run cost -- --diff main                      # what this checkout changes: +GBP 12.40 a month, from these lines
npm run cost -- --usage busy.yaml                # with other usage
npm run --silent cost -- --json                  # as data
\`\`\`

\`--diff\` lays the revision out in a temporary folder through an index of its own, previews it with its own program and this checkout's packages, and prices both sides by this
checkout's table. It fails where something has no price, and then judges no budget that the rest keeps; that a stack is over its budget it only tells.

The **budget** is \`macro-ai:monthlyBudget\` where a stack sets it, else the pack's by environment and scale: GBP 5 at hobby scale (10 in production and dr), 300 at enterprise scale, and where a hobby stack keeps enterprise's data.
\`settings\` of \`cost-within-budget\` in \`policies/configuration.json\` change these, and the exchange rate with its date (\`usdPerGbp\`, \`usdPerGbpAsOf\`).

At hobby scale nothing but production and dr has a dashboard of its own: its USD 3 are nearly half of the GBP 5. \`macro-ai:features.dashboard\` brings it back; an account's first three are free.
`;

const usageText = `## Usage

\`policies/cost/usage.json\` says how much each resource is used, by scale (\`hobby\`), environment (\`production\`) or both (\`production-hobby\`), the most particular one first; \`resources\` has
quantities for resources by name, in which \`*\` stands for any text. A file for \`--usage\`, in YAML or JSON, has the same form, goes before it, and need say no more than it changes:

\`\`\`yaml
production:
  nat.processedGb: 200
  resources:
    api-logs: { logs.ingestedGb: 40 }
\`\`\`

A quantity by name that nothing of the stack reads is refused, with the names that are charged by it; what one kind of stack alone has belongs below that (\`production-enterprise\`).
`;

const pricesText = `## Prices

Read from published copies, and not asked of AWS: ${Object.entries(sources)
  .map(([id, { name }]) => `${id}: ${name}`)
  .join("; ")}. high: two or more sources agree; medium: one good source; low: secondary or
derived.
`;

const limits = `## What it does not know

- Support plans, taxes, reservations and Savings Plans; volume discounts, which begin far above these stacks.
- Transfer between zones, retries, and what people do by hand.
- A KMS key's second and third version: each of a key's first two rotations adds USD 1 a month. Hobby stacks stay within their budgets then, too, with the free allowances.
- Fargate Spot and EC2, other engines than PostgreSQL, Redis and Valkey, and regions other than us-east-1 but for the copies of production in us-west-2: no prices, and so errors.
- What the metrics of Container Insights are in number is an assumption (\`containerInsights.metrics\`), as all usage is: compare with the bill after a month, and correct \`usage.json\`.`;
