import assert from "node:assert/strict";
import { secretRotated } from "../../policies/rules/secretsmanager/rotated.ts";
import { type Fixture, stackViolations } from "./harness.ts";

const secret: Fixture = {
  name: "by-hand",
  type: "aws:secretsmanager/secret:Secret",
  properties: { id: "secret-1", arn: "arn:secret-1" },
};
const reminder = (environment: string[]): Fixture => ({
  name: "reminder",
  type: "aws:lambda/function:Function",
  properties: { arn: "arn:reminder" },
  sources: { environment },
});
const clock = (arn: string[]): Fixture => ({
  name: "daily",
  type: "aws:cloudwatch/eventTarget:EventTarget",
  properties: { rule: "daily" },
  sources: { arn },
});
const rotation = (rules: object): Fixture => ({
  name: "rotation",
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  properties: { rotationRules: rules },
  sources: { secretId: ["by-hand"] },
});

const judged = (fixtures: Fixture[], renewedByHand: readonly string[] = ["by-hand"]): string[] =>
  stackViolations({ ...secretRotated, settings: { maximumDays: 180, renewedByHand } }, fixtures);

describe("secretsmanager-rotated, for what only a person can renew", () => {
  it("takes a function that is told the secret and called by the clock in place of a rotation", () => {
    assert.deepEqual(judged([secret, reminder(["by-hand"]), clock(["reminder"])]), []);
  });

  it("wants the secret to be named in the pack's configuration", () => {
    const [message = ""] = judged([secret, reminder(["by-hand"]), clock(["reminder"])], []);
    assert.match(message, /^by-hand .*rotation is missing/);
  });

  it("wants the function to be told of this secret, and to be called", () => {
    for (const fixtures of [
      [secret],
      [secret, reminder([]), clock(["reminder"])],
      [secret, reminder(["by-hand"])],
      [secret, reminder(["by-hand"]), clock([])],
    ]) {
      const [message = ""] = judged(fixtures);
      assert.match(message, /^by-hand .*reminder is missing/);
    }
  });

  it("knows how often a schedule in days rotates", () => {
    assert.deepEqual(judged([secret, rotation({ scheduleExpression: "rate(180 days)" })]), []);
    const [message = ""] = judged([secret, rotation({ scheduleExpression: "rate(181 days)" })]);
    assert.match(message, /rotationRules\.scheduleExpression is 181; it must be 180 or fewer/);
  });

  it("leaves a schedule in other words alone, and wants one or the other", () => {
    assert.deepEqual(judged([secret, rotation({ scheduleExpression: "cron(0 4 1 * ? *)" })]), []);
    const [message = ""] = judged([secret, rotation({ duration: "3h" })]);
    assert.match(message, /rotationRules is without an interval; it must be one of 180 days or fewer/);
  });
});
