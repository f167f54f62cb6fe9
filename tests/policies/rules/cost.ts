import { costPriced } from "../../../policies/rules/cost/priced.ts";
import { costWithinBudget } from "../../../policies/rules/cost/within-budget.ts";
import type { Fixture } from "../harness.ts";
import { describeStackRule } from "../stack-cases.ts";

const INSTANCE = "aws:rds/instance:Instance";

const database: Fixture = {
  name: "database",
  type: INSTANCE,
  properties: {
    engine: "postgres",
    instanceClass: "db.t4g.medium",
    storageType: "gp3",
    allocatedStorage: 50,
    region: "us-east-1",
  },
};
const search: Fixture = { name: "search", type: "aws:opensearch/domain:Domain" };
const ADD =
  'Add its price with source, date and region to policies/cost/prices.ts (CONTRIBUTING.md, "To add a price").';
const at = (said: string): string => `database (${INSTANCE}): ${said}`;
const notOne = (property: string, is: string, only: string): string =>
  at(`${property} is ${is}; it must be one of ${only}, which have prices. ${ADD}`);

describeStackRule(costPriced, [
  {
    compliant: [database],
    wellWithout: ["database", "database.region"],
    mutations: [
      {
        of: "database",
        path: "engine",
        value: "mysql",
        messages: [notOne("engine", '"mysql"', '"postgres"')],
      },
      { of: "database", path: "engine", messages: [notOne("engine", "not set", '"postgres"')] },
      {
        of: "database",
        path: "instanceClass",
        value: "db.x2g.large",
        messages: [
          notOne(
            "instanceClass",
            "db.x2g.large (rds-postgres)",
            "db.t4g.micro, db.t4g.small, db.t4g.medium, db.t4g.large, db.r6g.large, db.m6g.large, db.m7g.large",
          ),
        ],
      },
      {
        of: "database",
        path: "instanceClass",
        messages: [at("instanceClass is not set; it must be a text. Set instanceClass.")],
      },
      {
        of: "database",
        path: "storageType",
        value: "io2",
        messages: [notOne("storageType", '"io2"', '"gp3"')],
      },
      { of: "database", path: "storageType", messages: [notOne("storageType", "not set", '"gp3"')] },
      {
        of: "database",
        path: "allocatedStorage",
        messages: [at("allocatedStorage is not set; it must be a number. Set allocatedStorage.")],
      },
      {
        of: "database",
        path: "region",
        value: "eu-west-2",
        messages: [
          at(
            `region is eu-west-2, for which there is no price of rds-postgres:db.t4g.medium; it must be one with prices: us-east-1. ${ADD}`,
          ),
        ],
      },
      {
        of: "database",
        beside: [search],
        messages: [
          'search (aws:opensearch/domain:Domain): type is without a price; it must be priced, or declared free with the reason. Price aws:opensearch/domain:Domain in policies/cost/kinds/, or name it in policies/cost/free.ts (CONTRIBUTING.md, "To add a price").',
        ],
      },
    ],
  },
]);

describeStackRule(costWithinBudget, [
  {
    compliant: [database],
    wellWithout: ["database"],
    mutations: [
      {
        of: "database",
        path: "allocatedStorage",
        value: 4000,
        messages: [
          "stack (pulumi:pulumi:Stack): the cost of a month is GBP 391.49 at USD 1.3 per GBP (2026-08), without free allowances; it must be at most GBP 300.00, the budget of production at enterprise scale. The largest lines: database: 4000 GB of gp3 GBP 353.85; database: db.t4g.medium GBP 36.50; database: backups beyond the free ones GBP 0.73; DNS zone: the domain's zone GBP 0.38; DNS zone: queries GBP 0.03. Or raise macro-ai:monthlyBudget. npm run cost shows all lines.",
        ],
      },
    ],
  },
]);
