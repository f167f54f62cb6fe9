import assert from "node:assert/strict";
import { readConfiguration } from "../../../policies/core/configuration.ts";
import { judgeStack, message, type Verdict } from "../../../policies/core/verdict.ts";
import { budgetOf, budgetSettings, overrun, rateOf } from "../../../policies/cost/budget.ts";
import { ENVIRONMENTS, SCALES } from "../../../policies/cost/subject.ts";
import committed from "../../../policies/configuration.json" with { type: "json" };
import { rules } from "../../../policies/rules.ts";
import { costPriced } from "../../../policies/rules/cost/priced.ts";
import { costWithinBudget } from "../../../policies/rules/cost/within-budget.ts";
import type { StackRule } from "../../../policies/core/rule.ts";
import { usdPerGbp } from "../../../stacks/budget.ts";
import { environmentTraits } from "../../../stacks/environments.ts";
import { stackOf, unknown, type Fixture } from "../harness.ts";
import { enterpriseStack, type Sizes } from "./enterprise.ts";
import { one, priced, production } from "./priced.ts";

const usual: Sizes = { database: "db.t4g.medium", architecture: "ARM64", cache: "valkey", tasks: [2, 4] };
const enterprise = {
  "macro-ai:environment": "production",
  "macro-ai:scale": "enterprise",
  "aws:region": "us-east-1",
};

function judged(
  rule: StackRule,
  fixtures: Fixture[],
  configuration: Readonly<Record<string, string>> = enterprise,
  settings = rule.settings ?? {},
): Verdict[] {
  const graph = stackOf([...fixtures, { name: "stack", type: "pulumi:pulumi:Stack" }]);
  const [root] = graph.all("pulumi:pulumi:Stack");
  assert.ok(root);
  return judgeStack(rule, graph, root, settings, configuration);
}

describe("the budget", () => {
  it("passes the usual sizes", () => {
    assert.deepEqual(judged(costWithinBudget, enterpriseStack(usual)), []);
  });

  it("refuses db.r6g.large, and says what it costs, its largest lines and what would bring it under", () => {
    const [verdict, ...others] = judged(
      costWithinBudget,
      enterpriseStack({ ...usual, database: "db.r6g.large" }),
    );
    assert.deepEqual(others, []);
    assert.equal(verdict?.outcome, "fail");
    const told = message(verdict);
    assert.match(
      told,
      /^stack \(pulumi:pulumi:Stack\): the cost of a month is GBP 4\d\d\.\d\d at USD 1\.3 per GBP \(2026-08\), GBP 3\d\d\.\d\d scaled in, without free allowances; it must be at most GBP 300\.00, the budget of production at enterprise scale\. /,
    );
    assert.match(told, /The largest lines: database: db\.r6g\.large, Multi-AZ GBP 252\.69; api: /);
    assert.match(
      told,
      /database: db\.t4g\.large in place of db\.r6g\.large would bring it under by saving GBP 107\.82\./,
    );
    assert.match(told, /Or raise macro-ai:monthlyBudget\. npm run cost shows all lines\.$/);
  });

  it("judges the stack scaled out", () => {
    const fixtures = enterpriseStack({ ...usual, tasks: [2, 20] });
    assert.equal(judged(costWithinBudget, fixtures).length, 1);
    assert.match(
      message(judged(costWithinBudget, fixtures)[0] ?? assert.fail()),
      /api: never more than its least would bring it under/,
    );
  });

  it("names the fewest changes that do together, where none does alone", () => {
    const { lines } = priced(enterpriseStack({ ...usual, database: "db.r6g.large" }));
    const over = overrun({ lines, unpriced: [], allowances: [] }, { gbp: 120, from: "a test" }, rateOf({}));
    assert.match(
      over?.fix ?? "",
      /database: db\.t4g\.micro in place of db\.r6g\.large, and .+ would bring it under by saving GBP/,
    );
  });

  it("is the stack's own where it sets one, else the pack's by environment and scale", () => {
    const own = { ...enterprise, "macro-ai:monthlyBudget": "500" };
    assert.deepEqual(
      judged(costWithinBudget, enterpriseStack({ ...usual, database: "db.r6g.large" }), own),
      [],
    );
    assert.deepEqual(budgetOf(own, production, budgetSettings), { gbp: 500, from: "macro-ai:monthlyBudget" });
    const tight = { ...budgetSettings, enterprise: 100 };
    assert.match(
      message(judged(costWithinBudget, enterpriseStack(usual), enterprise, tight)[0] ?? assert.fail()),
      /at most GBP 100\.00/,
    );
  });

  it("is enterprise's while a hobby stack keeps what enterprise left", () => {
    const kept = { "macro-ai:retainEnterpriseData": "true" };
    const hobby = { ...production, scale: "hobby" } as const;
    assert.deepEqual(budgetOf(kept, hobby, budgetSettings), {
      gbp: 300,
      from: "enterprise's budget, because of macro-ai:retainEnterpriseData",
    });
    assert.equal(budgetOf({ ...kept, "macro-ai:monthlyBudget": "20" }, hobby, budgetSettings).gbp, 20);
    assert.equal(budgetOf({}, hobby, budgetSettings).gbp, 10);
  });

  it("is the same in the pack as in the program, the exchange rate too", () => {
    for (const environment of ENVIRONMENTS)
      for (const scale of SCALES) {
        const { gbp } = budgetOf({}, { environment, scale }, budgetSettings);
        assert.equal(gbp, environmentTraits[environment].monthlyBudget[scale], `${environment} ${scale}`);
      }
    assert.equal(usdPerGbp, budgetSettings.usdPerGbp);
  });

  it("can be set in the pack's configuration, the rate and its date too; a wrong kind is refused", () => {
    const settings = (own: object) =>
      readConfiguration({ ...committed, settings: { "cost-within-budget": own } }, rules).settings[
        "cost-within-budget"
      ];
    const own = { enterprise: 250, usdPerGbp: 1.25, usdPerGbpAsOf: "2026-11" };
    assert.deepEqual(rateOf(settings(own) ?? {}), { usdPerGbp: 1.25, asOf: "2026-11" });
    assert.throws(
      () => settings({ usdPerGbp: "1.25" }),
      /settings\.cost-within-budget\.usdPerGbp is "1\.25"; it must be a number/,
    );
    assert.throws(() => settings({ usdPerGbpAsOf: 2026 }), /usdPerGbpAsOf is 2026; it must be text/);
  });
});

describe("the rule that everything has a price", () => {
  it("fails what has none, names it, and leaves the rest to the budget", () => {
    const fixtures = [...enterpriseStack(usual), one("search", "aws:opensearch/domain:Domain")];
    const verdicts = judged(costPriced, fixtures);
    assert.deepEqual(
      verdicts.map(({ outcome, resource, finding }) => [
        outcome,
        resource.name,
        finding.property,
        finding.is,
      ]),
      [["fail", "search", "type", "without a price"]],
    );
    assert.deepEqual(judged(costPriced, enterpriseStack(usual)), []);
  });

  it("tells of a region without prices once, however much lies there", () => {
    const abroad = { ...enterprise, "aws:region": "eu-west-2" };
    const verdicts = judged(
      costPriced,
      [...enterpriseStack(usual), one("search", "aws:opensearch/domain:Domain")],
      abroad,
    );
    assert.deepEqual(
      verdicts.map(({ finding }) => finding.is),
      [
        "without a price",
        "eu-west-2, for which there is no price of 31 resources (address, alarm-1, alarm-2, alarm-3, alarm-4, ...)",
      ],
    );
  });

  it("has not proven what only the update knows", () => {
    const database = one("database", "aws:rds/instance:Instance", {
      engine: "postgres",
      storageType: "gp3",
      instanceClass: unknown,
    });
    assert.deepEqual(
      judged(costPriced, [database]).map(({ outcome, resource }) => [outcome, resource.name]),
      [["unproven", "database"]],
    );
  });

  it("leaves alone what is no stack of this program", () => {
    const foreign = [
      one("search", "aws:opensearch/domain:Domain"),
      one("gateway", "aws:ec2/natGateway:NatGateway"),
    ];
    for (const rule of [costPriced, costWithinBudget])
      assert.deepEqual(judged(rule, foreign, { "aws:region": "us-east-1" }), []);
  });
});
