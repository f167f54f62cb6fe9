import assert from "node:assert/strict";
import { environmentTraits } from "../../stacks/environments.ts";
import type { Recording } from "../components/mocks.ts";
import { evaluate, given } from "./program.ts";

/** USD a month for what hobby stacks make, whoever uses it or not: AWS's price list for us-east-1, as of 2026-10. */
const fixed: Readonly<Record<string, { usd: number; afterTwoRotations?: number; freePerAccount?: number }>> =
  {
    "aws:cloudwatch/dashboard:Dashboard": { usd: 3, freePerAccount: 3 },
    "aws:cloudwatch/metricAlarm:MetricAlarm": { usd: 0.1, freePerAccount: 10 },
    "aws:kms/key:Key": { usd: 1, afterTwoRotations: 3 },
    "aws:kms/replicaKey:ReplicaKey": { usd: 1, afterTwoRotations: 3 },
    "aws:secretsmanager/secret:Secret": { usd: 0.4 },
  };

/** Services that cost by use alone, and what only describes or connects other things. */
const byUse = [
  ...["acm", "apigatewayv2", "budgets", "cloudfront", "cloudtrail", "cloudwatch", "ecr", "iam"],
  ...["kms", "lambda", "route53", "s3", "secretsmanager", "sns", "sqs"],
];
/** Of those services, what nevertheless has a price of its own, and no place at hobby scale. */
const dear = ["aws:acm/privateCertificate:PrivateCertificate", "aws:route53/zone:Zone"];

const usdPerGbp = 1.3;

describe("what a hobby stack costs while nobody uses it", function () {
  this.timeout(60_000);

  for (const environment of ["staging", "production"] as const) {
    describe(environment, () => {
      const { monthlyBudget } = environmentTraits[environment];
      let recording: Recording;
      before(async () => {
        ({ recording } = await evaluate(given(environment, "hobby"), { preview: true, stack: environment }));
      });

      it("is known for every type that it makes", () => {
        const types = [...new Set(recording.resources.map(({ type }) => type))];
        const unknown = types.filter((type) => {
          const [provider = "", service = ""] = type.split(/[:/]/);
          if (type in fixed || !["aws", "awsx"].includes(provider)) return false;
          return !byUse.includes(service) || dear.includes(type);
        });
        assert.deepEqual(unknown, [], "these need a line in `fixed` or `byUse`");
      });

      it("stays below its budget, even in an account whose free allowances are used up", () => {
        const pounds = monthly(recording, ({ usd }, count) => usd * count);
        assert.ok(pounds > 1 && pounds < monthlyBudget.hobby, `GBP ${pounds.toFixed(2)}`);
      });

      it("stays below its budget when its keys have been rotated, with the free allowances", () => {
        const pounds = monthly(
          recording,
          ({ usd, afterTwoRotations = usd, freePerAccount = 0 }, count) =>
            afterTwoRotations * Math.max(0, count - freePerAccount),
        );
        assert.ok(pounds > 1 && pounds < monthlyBudget.hobby, `GBP ${pounds.toFixed(2)}`);
      });
    });
  }
});

type Price = (typeof fixed)[string];

/** GBP a month. */
function monthly(recording: Recording, usdOf: (price: Price, count: number) => number): number {
  const usd = Object.entries(fixed).map(([type, price]) => {
    // A secret's copies in other regions cost as much as the secret.
    const copies = recording.all(type).flatMap(({ inputs }) => (inputs["replicas"] ?? []) as unknown[]);
    return usdOf(price, recording.all(type).length + copies.length);
  });
  return usd.reduce((sum, one) => sum + one, 0) / usdPerGbp;
}
