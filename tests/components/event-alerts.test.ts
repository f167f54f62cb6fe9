import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EventAlerts, type EventAlertsArgs } from "../../components/event-alerts.ts";
import type { EventDefinition } from "../../components/event-definition.ts";
import { run } from "./mocks.ts";

const topicArn = "arn:aws:sns:eu-west-2:123456789012:alarms";
const edgeTopicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
const failover: EventDefinition = {
  name: "database-failover",
  description: 'It fails over. Look at "events".',
  runbook: "database-alarms#failover",
  pattern: {
    source: ["aws.rds"],
    "detail-type": ["RDS DB Instance Event"],
    detail: { SourceIdentifier: [pulumi.output("database-1")], EventCategories: ["failover"] },
  },
  words: "$.detail.Message",
};
const rotation: EventDefinition = {
  name: "rotation-failed",
  description: "A rotation has failed. Rotate again.",
  runbook: "secrets#rotation-failed",
  pattern: {
    source: ["aws.secretsmanager"],
    "detail-type": ["AWS Service Event via CloudTrail"],
    detail: {
      eventName: ["RotationFailed"],
      additionalEventData: { SecretId: [{ prefix: pulumi.output("arn:secret:/macro-ai/") }] },
    },
  },
};

function make(changes: Partial<EventAlertsArgs> = {}) {
  return run(
    () =>
      new EventAlerts("events", {
        region: "eu-west-2",
        topicArns: { "eu-west-2": topicArn, "us-east-1": edgeTopicArn },
        definitions: [failover],
        ...changes,
      }),
  );
}

describe("EventAlerts", () => {
  it("matches the definition's events", async () => {
    const { recording } = await make({ definitions: [failover, rotation] });
    const pattern = (name: string): unknown =>
      JSON.parse(String(recording.one("EventRule", name).inputs["eventPattern"]));
    assert.deepEqual(pattern("events-database-failover"), {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Instance Event"],
      detail: { SourceIdentifier: ["database-1"], EventCategories: ["failover"] },
    });
    assert.partialDeepStrictEqual(pattern("events-rotation-failed"), {
      detail: { additionalEventData: { SecretId: [{ prefix: "arn:secret:/macro-ai/" }] } },
    });
  });

  it("sends one sentence to the topic: what, the runbook, when, where, and AWS's own words", async () => {
    const { recording } = await make({ runbookUrl: "https://example.com/runbooks" });
    const { inputs } = recording.one("EventTarget");
    assert.partialDeepStrictEqual(inputs, { rule: "events-database-failover-1a2b3c4", arn: topicArn });
    assert.deepEqual(inputs["inputTransformer"], {
      inputPaths: { time: "$.time", account: "$.account", region: "$.region", words: "$.detail.Message" },
      inputTemplate: JSON.stringify(
        'It fails over. Look at "events". Runbook: https://example.com/runbooks/database-alarms.md#failover (<time>, account <account>, <region>; AWS says: <words>)',
      ),
    });
    assert.equal(
      recording.one("EventRule").inputs["description"],
      'It fails over. Look at "events". Runbook: https://example.com/runbooks/database-alarms.md#failover',
    );
  });

  it("leaves AWS's words out where the event has none", async () => {
    const { recording } = await make({ definitions: [rotation] });
    const { inputTemplate, inputPaths } = recording.one("EventTarget").inputs["inputTransformer"] as {
      inputTemplate: string;
      inputPaths: object;
    };
    assert.deepEqual(Object.keys(inputPaths).sort(), ["account", "region", "time"]);
    assert.match(inputTemplate, /\(<time>, account <account>, <region>\)"$/);
  });

  it("listens to another region there, and tells that region's topic", async () => {
    const { recording } = await make({ definitions: [{ ...failover, region: "us-east-1" }] });
    assert.equal(recording.one("EventRule").inputs["region"], "us-east-1");
    assert.partialDeepStrictEqual(recording.one("EventTarget").inputs, {
      region: "us-east-1",
      arn: edgeTopicArn,
    });
  });
});
