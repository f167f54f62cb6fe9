import assert from "node:assert/strict";
import { deadline } from "../../rotation/deadline.ts";
import { metricLine, parseReminders, remaining } from "../../rotation/reminder.ts";
import { type SecretsManager, startSecretsManager } from "./servers/secrets-manager.ts";

const day = 86_400_000;

describe("rotation/reminder: what only a person can renew", function () {
  this.timeout(60_000);
  let secrets: SecretsManager;
  before(async () => {
    secrets = await startSecretsManager();
  });
  after(() => secrets.stop());
  beforeEach(() => {
    // The secret is 50 days older than its version.
    secrets.interfere = async (operation, forward) => {
      const answer = await forward();
      if (operation !== "DescribeSecret") return answer;
      const secret = JSON.parse(answer.body) as { CreatedDate: number };
      return {
        ...answer,
        body: JSON.stringify({ ...secret, CreatedDate: secret.CreatedDate - (50 * day) / 1000 }),
      };
    };
  });

  async function daysLeft(
    value: unknown,
    { rotated = false, isAlone = true, inDays = 100 } = {},
  ): Promise<number> {
    const secretId = await secrets.create(value);
    if (!rotated) secrets.turnRotationOff(secretId);
    const reminder = { secretId, field: "OPENAI_API_KEY", everyDays: 180 };
    // An hour, for moto knows seconds only.
    const now = Date.now() + inDays * day - day / 24;
    const found = await remaining(reminder, deadline(30_000), { isAlone, now, client: secrets.client });
    assert.equal(found.secret, secretId);
    return found.daysLeft;
  }

  const value = { OPENAI_API_KEY: "sk-hidden" };
  const noted = (date: Date) => ({ ...value, CHANGED_BY_HAND: { OPENAI_API_KEY: date.toISOString() } });

  it("counts from the version, where nothing else renews the secret", async () => {
    assert.equal(await daysLeft(value), 80);
  });

  it("counts from the secret's making, where a version may be new for another's sake", async () => {
    assert.equal(await daysLeft(value, { rotated: true }), 30);
    assert.equal(await daysLeft(value, { isAlone: false }), 30);
  });

  it("counts from the day that was noted, through every rotation of the other fields", async () => {
    assert.equal(await daysLeft(noted(new Date(Date.now() + 20 * day)), { rotated: true }), 100);
  });

  it("goes below zero, and does not believe a day that has not come", async () => {
    assert.equal(await daysLeft(value, { inDays: 190 }), -10);
    assert.equal(await daysLeft(noted(new Date(Date.now() + 500 * day)), { rotated: true }), 30);
    assert.equal(await daysLeft({ ...value, CHANGED_BY_HAND: { OPENAI_API_KEY: "soon" } }), 80);
  });

  it("says which field is not there, and shows no other", async () => {
    await assert.rejects(
      daysLeft({ OTHER: "sk-hidden" }),
      (error: Error) =>
        error.message.startsWith("wrong-shape: ") &&
        error.message.includes("it lacks OPENAI_API_KEY") &&
        !error.message.includes("sk-hidden"),
    );
  });

  it("writes CloudWatch's embedded metric format", () => {
    const line = metricLine({ secret: "/macro-ai/staging/x", field: "REDIS_URL", daysLeft: 13 }, 1_700_000);
    assert.deepEqual(JSON.parse(line), {
      _aws: {
        Timestamp: 1_700_000,
        CloudWatchMetrics: [
          {
            Namespace: "MacroAI/Secrets",
            Dimensions: [["Secret", "Field"]],
            Metrics: [{ Name: "DaysLeft", Unit: "Count" }],
          },
        ],
      },
      Secret: "/macro-ai/staging/x",
      Field: "REDIS_URL",
      DaysLeft: 13,
    });
  });

  it("refuses REMINDERS with everything that is wrong", () => {
    for (const text of ["", "{}", "[]", "none"])
      assert.throws(() => parseReminders(text), /REMINDERS: is no JSON list with an entry\./);
    assert.throws(
      () =>
        parseReminders(JSON.stringify([{ secretId: "x", everyDays: 0 }, { field: "y", everyDays: 1 }, 7])),
      new Error(
        "The function's variable REMINDERS: [0].field is no text; [0].everyDays is no number of days from 1; " +
          "[1].secretId is no text; [2].secretId is no text; [2].field is no text; [2].everyDays is no number of days from 1.",
      ),
    );
  });
});
