import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { estimate, total, type Estimate } from "../../../policies/cost/estimate.ts";
import { budgetOf, budgetSettings } from "../../../policies/cost/budget.ts";
import { usageOf } from "../../../policies/cost/usage.ts";
import type { Scale } from "../../../stacks/environments.ts";
import { evaluate, given } from "../../stacks/program.ts";
import { reviewedList } from "../../stacks/resources.ts";
import { expectedPage } from "../../../scripts/generated-page.ts";
import { graphOf } from "./evaluated.ts";
import { parsePreview } from "../../../scripts/report/preview.ts";
import { recorded } from "../../scripts/report/record.ts";
import { costPage } from "./page.ts";
import { production, staging } from "./priced.ts";

type Usd = readonly [least: number, most: number];
const flat = (usd: number): Usd => [usd, usd];

const hours = 730;
const task = (0.5 * 0.03238 + 1 * 0.00356) * hours;

/**
 * The second reckoning: what each resource of the reviewed lists costs whether or not anybody uses it, in USD a month, by
 * the sizes of docs and price lists and without the model. Everything else costs by use alone, or nothing.
 */
const byHand: Readonly<Record<string, Usd>> = {
  "aws:cloudwatch:MetricAlarm": flat(0.1),
  "aws:cloudwatch:Dashboard": flat(3),
  "aws:cloudwatch:LogMetricFilter": flat(0.3),
  "aws:appautoscaling:Policy": flat(2 * 0.1),
  "aws:kms:Key": flat(1),
  "aws:secretsmanager:Secret": flat(0.4),
  "aws:wafv2:WebAcl": flat(5 + 6 * 1),
  "aws:rds:Instance": [94.17 + 50 * 0.23, 94.17 + 200 * 0.23],
  "aws:rds:Proxy": flat(21.9),
  "aws:elasticache:ReplicationGroup": flat(2 * 0.0128 * hours),
  "aws:ecs:Service": [2 * task, 4 * task],
  "aws:lb:LoadBalancer": flat(0.0225 * hours + 3 * 3.65),
  "awsx:ec2:Vpc": flat(32.85 + 3.65),
};

/** Alarms by expression read a second metric: the client's rate; the API's rate, its tasks and the cache's failover too. */
const secondMetrics: Readonly<Record<Scale, number>> = { hobby: 1, enterprise: 4 };

async function reckoned(scale: Scale): Promise<Usd> {
  const types = (await reviewedList(scale)).split("\n").map((line) => line.trim().split(" ")[0] ?? "");
  const sum = (end: 0 | 1): number =>
    types.reduce((all, type) => all + (byHand[type]?.[end] ?? 0), secondMetrics[scale] * 0.1);
  return [sum(0), sum(1)];
}

/** What the committed use of staging costs at hobby scale, line by line: quantity, then price. */
const stagingUse: readonly (readonly [what: string, quantity: number, usd: number])[] = [
  ["calls of the API", 0.1, 0.2],
  ["its computing: 0.1 M calls of 0.2 s with 0.5 GB", 100_000 * 0.2 * 0.5, 0.0000133334],
  ["requests to the HTTP API", 0.1, 1],
  ["its answers", 0.5, 0.09],
  ["logs of the API", 0.5, 0.53],
  ["three other log groups", 3 * 0.1, 0.53],
  ["traces of the API", 5000, 5 / 1e6],
  ["CloudFront's answers", 1, 0.085],
  ["its requests", 5, 0.01],
  ["its function", 0.05, 0.1],
  ["two buckets", 2, 0.5 * 0.023 + 0.5 * 0.005 + 5 * 0.0004],
  ["two repositories", 2, 0.5 * 0.1],
  ["the key", 1, 0.03],
  ["four secrets", 4, 0.1 * 0.05],
  [
    "four functions that rotate and remind: 100 calls of 5 s with 256 MB, traced",
    4,
    0.00002 + 125 * 0.0000133334 + 0.0005,
  ],
  ["the topic's messages and e-mails", 1, 0.0001 * 0.5 + 0.001 * 2],
  ["two queues", 2, 0.001 * 0.4],
];

describe("the committed stacks", function () {
  this.timeout(60_000);
  const results = new Map<Scale, Estimate>();
  before(async () => {
    for (const subject of [staging, production]) {
      const { environment, scale } = subject;
      const { recording } = await evaluate(given(environment, scale), { preview: true, stack: environment });
      results.set(scale, estimate(graphOf(recording), subject, usageOf(subject)));
    }
  });
  const of = (scale: Scale): Estimate => results.get(scale) ?? assert.fail();

  for (const [subject, name] of [
    [staging, "staging at hobby scale"],
    [production, "production at enterprise scale"],
  ] as const) {
    it(`leave nothing without a price in ${name}`, () => {
      assert.deepEqual(
        of(subject.scale).unpriced.map(({ resource, reason }) => `${resource.name}: ${reason.message}`),
        [],
      );
    });

    it(`cost what a second reckoning comes to, before any use, in ${name}`, async () => {
      const baseline = total(of(subject.scale).lines.filter(({ kind }) => kind === "baseline"));
      const [least, most] = await reckoned(subject.scale);
      assert.equal(baseline.min.toFixed(2), least.toFixed(2));
      assert.equal(baseline.max.toFixed(2), most.toFixed(2));
    });

    it(`are within their budget in ${name}`, () => {
      const { gbp } = budgetOf({}, subject, budgetSettings);
      const pounds = total(of(subject.scale).lines).max / budgetSettings.usdPerGbp;
      assert.ok(pounds > gbp / 3 && pounds <= gbp, `GBP ${pounds.toFixed(2)} of ${gbp}`);
    });
  }

  it("cost in staging by use what a second reckoning comes to", () => {
    const usage = total(of("hobby").lines.filter(({ kind }) => kind === "usage"));
    const expected = stagingUse.reduce((sum, [, quantity, usd]) => sum + quantity * usd, 0);
    assert.equal(usage.max.toFixed(3), expected.toFixed(3));
  });

  for (const environment of ["staging", "production"] as const) {
    it(`stay within ${environment}'s hobby budget when their keys have been rotated twice, with the free allowances`, async () => {
      const subject = { ...staging, environment };
      const { recording } = await evaluate(given(environment, "hobby"), {
        preview: true,
        stack: environment,
      });
      const { lines, allowances, unpriced } = estimate(graphOf(recording), subject, usageOf(subject));
      assert.deepEqual(unpriced, []);
      const keys = lines.filter(({ price }) => price === "kms-key").length;
      // Each of the first two rotations of a key adds USD 1 a month.
      const later = total(lines).max + 2 * keys - total(allowances).max;
      assert.ok(
        later / budgetSettings.usdPerGbp <= budgetOf({}, subject, budgetSettings).gbp,
        `USD ${later}`,
      );
      assert.ok(total(lines).max / budgetSettings.usdPerGbp <= budgetOf({}, subject, budgetSettings).gbp);
    });
  }

  it("have in production the names that the engine gives, among them those of what awsx makes", () => {
    const { steps } = parsePreview(recorded(), "recorded", "production");
    const known = new Set(steps.map(({ urn }) => urn.split("::").slice(2).join(" ").split("$").at(-1)));
    const lines = of("enterprise").lines.filter(({ type }) => type !== "outside the stack");
    const missing = lines.filter(({ type, resource }) => !known.has(`${type} ${resource}`));
    assert.deepEqual([...new Set(missing.map(({ resource }) => resource))], []);
  });

  it("are what docs/cost.md shows", async () => {
    const current = await readFile(costPage.page, "utf8").catch(() => "");
    assert.equal(current, await expectedPage(costPage), `docs/cost.md is stale: ${costPage.command}`);
  });
});
