import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EventAlerts, type EventAlertsArgs } from "../../components/event-alerts.ts";
import { run } from "./mocks.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
const failover = {
  name: "database-failover",
  description: 'It fails over. Look at "events".',
  pattern: {
    source: ["aws.rds"],
    "detail-type": ["RDS DB Instance Event"],
    detail: { SourceIdentifier: [pulumi.output("database-1")], EventCategories: ["failover"] },
  },
};

function make(changes: Partial<EventAlertsArgs> = {}) {
  return run(() => new EventAlerts("events", { topicArn, definitions: [failover], ...changes }));
}

describe("EventAlerts", () => {
  it("matches the definition's events", async () => {
    const { recording } = await make();
    const { inputs } = recording.one("EventRule", "events-database-failover");
    assert.deepEqual(JSON.parse(String(inputs["eventPattern"])), {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Instance Event"],
      detail: { SourceIdentifier: ["database-1"], EventCategories: ["failover"] },
    });
  });

  it("sends one sentence to the topic: what, when, where, and the runbook", async () => {
    const { recording } = await make({ runbookUrl: "https://example.com/runbook" });
    const { inputs } = recording.one("EventTarget");
    assert.partialDeepStrictEqual(inputs, { rule: "events-database-failover-1a2b3c4", arn: topicArn });
    const { inputTemplate } = inputs["inputTransformer"] as { inputTemplate: string };
    assert.equal(
      JSON.parse(inputTemplate),
      'It fails over. Look at "events". Runbook: https://example.com/runbook#database-failover (<time>, account <account>, <region>; AWS says: <message>)',
    );
  });

  it("tells all bad arguments at once, before anything is made", () => {
    assert.throws(
      () =>
        new EventAlerts("events", {
          topicArn,
          definitions: [failover, { ...failover, description: "x".repeat(513) }],
        }),
      /^Error: EventAlerts "events" has 2 bad arguments:\n {2}definitions\[1\]\.name .*\n {2}definitions\[1\]\.description /,
    );
  });
});
