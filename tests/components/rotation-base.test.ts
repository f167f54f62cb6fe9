import assert from "node:assert/strict";
import { DUE_SOON_DAYS, RotationBase, type RotationBaseArgs } from "../../components/rotation-base.ts";
import { kmsKeyArn } from "./examples.ts";
import { base, deadLetterArn } from "./maintenance-examples.ts";
import { run, valueOf } from "./mocks.ts";

const make = (changes: Partial<RotationBaseArgs> = {}) =>
  run(() => new RotationBase("rotation", { ...base, ...changes }), { stack: "production" });

describe("RotationBase", () => {
  it("keeps one encrypted log, and counts what in it needs somebody, for this stack alone", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("LogGroup").inputs, {
      retentionInDays: 180,
      kmsKeyId: kmsKeyArn,
    });
    const { inputs } = recording.one("LogMetricFilter");
    assert.deepEqual(inputs["metricTransformation"], {
      namespace: "macro-ai/production",
      name: "rotation-attention",
      value: "1",
      unit: "Count",
    });
    const pattern = String(inputs["pattern"]);
    for (const part of ['$.level = "error"', '$.record.status = "timeout"', `$.DaysLeft < ${DUE_SOON_DAYS}`])
      assert.ok(pattern.includes(part), part);
  });

  it("watches that count, and its own queue", async () => {
    const { result } = await make();
    const [attention, letters] = result.alarms();
    assert.partialDeepStrictEqual(attention, {
      name: "rotation-attention",
      metric: { namespace: "macro-ai/production", metricName: "rotation-attention" },
      threshold: 1,
    });
    assert.equal(letters?.name, "rotation-dead-letters");
    assert.equal(letters.metric.namespace, "AWS/SQS");
  });

  it("takes a queue that is watched already, and makes none", async () => {
    const { recording, result } = await make({ deadLetters: { name: "dead-letters", arn: deadLetterArn } });
    assert.deepEqual(recording.all("Queue"), []);
    assert.equal(await valueOf(result.setting.deadLetterArn), deadLetterArn);
    assert.deepEqual(
      result.alarms().map(({ name }) => name),
      ["rotation-attention"],
    );
  });

  it("encrypts its own queue, and takes messages over TLS only", async () => {
    const { recording } = await make();
    assert.equal(recording.one("Queue").inputs["kmsMasterKeyId"], kmsKeyArn);
    const [statement] = recording.statements(recording.one("QueuePolicy"));
    assert.partialDeepStrictEqual(statement, {
      effect: "Deny",
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    });
  });
});
