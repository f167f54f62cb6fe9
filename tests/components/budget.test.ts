import assert from "node:assert/strict";
import { Budget } from "../../components/budget.ts";
import { run } from "./mocks.ts";

describe("Budget", () => {
  it("warns by e-mail and topic at 80 %, 100 % and a forecast of more", async () => {
    const { recording } = await run(
      () => new Budget("budget", { monthlyLimitUsd: 12.5, email: "ops@example.com", topicArn: "arn:topic" }),
    );
    const { inputs } = recording.one("aws:budgets/budget:Budget");
    assert.equal(inputs["limitAmount"], "12.50");
    assert.equal(inputs["limitUnit"], "USD");
    const common = {
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: ["ops@example.com"],
      subscriberSnsTopicArns: ["arn:topic"],
    };
    assert.deepEqual(inputs["notifications"], [
      { notificationType: "ACTUAL", threshold: 80, ...common },
      { notificationType: "ACTUAL", threshold: 100, ...common },
      { notificationType: "FORECASTED", threshold: 100, ...common },
    ]);
    assert.equal(inputs["costFilters"], undefined);
  });

  it("counts only what bears the tag", async () => {
    const tag = { key: "environment", value: "staging" };
    const { recording } = await run(
      () => new Budget("budget", { monthlyLimitUsd: 5, email: "ops@example.com", tag }),
    );
    assert.deepEqual(recording.one("aws:budgets/budget:Budget").inputs["costFilters"], [
      { name: "TagKeyValue", values: ["user:environment$staging"] },
    ]);
  });

  it("refuses a limit of nothing and a warning to no one", async () => {
    await assert.rejects(
      run(() => new Budget("budget", { monthlyLimitUsd: 0 })),
      {
        message:
          'Budget "budget" has 2 bad arguments:\n  monthlyLimitUsd is 0; it must be more than 0' +
          "\n  email is missing, and so is topicArn: give at least one, else no one is warned",
      },
    );
  });
});
