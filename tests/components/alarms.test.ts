import assert from "node:assert/strict";
import type { AlarmDefinition } from "../../components/alarm-definition.ts";
import { Alarms, type AlarmsArgs } from "../../components/alarms.ts";
import { run, valueOf } from "./mocks.ts";

const cpu: AlarmDefinition = {
  name: "database-cpu",
  description: "The database is busy. Look for slow queries.",
  metric: {
    namespace: "AWS/RDS",
    metricName: "CPUUtilization",
    dimensions: { DBInstanceIdentifier: "database-1" },
    statistic: "Average",
    periodSeconds: 300,
  },
  threshold: 80,
  comparison: "above",
  evaluationPeriods: 3,
};
const latency: AlarmDefinition = {
  name: "latency",
  description: "Requests are slow.",
  metric: {
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/main/1" },
    statistic: "p99",
    periodSeconds: 60,
  },
  threshold: 2,
  comparison: "aboveOrEqual",
  evaluationPeriods: 5,
  datapointsToAlarm: 3,
  missingData: "breaching",
};
const unattended: AlarmsArgs = {
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  accountId: "123456789012",
  region: "us-east-1",
  definitions: [cpu, latency],
  runbookUrl: "https://example.com/runbook",
};
const args: AlarmsArgs = { ...unattended, email: "ops@example.com" };

describe("Alarms", () => {
  it("tells an encrypted topic that mails on", async () => {
    const { recording } = await run(() => new Alarms("alarms", args));
    const topic = recording.one("Topic");
    assert.equal(topic.inputs["kmsMasterKeyId"], args.kmsKeyArn);
    const subscription = recording.one("TopicSubscription");
    assert.equal(subscription.inputs["protocol"], "email");
    assert.equal(subscription.inputs["endpoint"], "ops@example.com");
    const alarm = recording.one("MetricAlarm", "alarms-database-cpu");
    assert.deepEqual(alarm.inputs["alarmActions"], alarm.inputs["okActions"]);
    assert.deepEqual(alarm.options.propertyDependencies["alarmActions"], [topic.urn]);
  });

  it("lets AWS's services publish for this account, and no one without TLS", async () => {
    const { recording } = await run(() => new Alarms("alarms", args));
    const [publish, events, deny] = recording.statements(recording.one("TopicPolicy"));
    assert.deepEqual(publish?.["principals"], {
      Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"],
    });
    assert.deepEqual(publish["conditions"], { StringEquals: { "aws:SourceAccount": "123456789012" } });
    assert.deepEqual(events?.["principals"], { Service: "events.amazonaws.com" });
    assert.deepEqual(events["conditions"], {
      ArnLike: { "aws:SourceArn": "arn:aws:events:*:123456789012:rule/*" },
    });
    assert.equal(deny?.["effect"], "Deny");
    assert.deepEqual(deny["conditions"], { Bool: { "aws:SecureTransport": "false" } });
  });

  it("makes an alarm of a plain statistic", async () => {
    const { recording } = await run(() => new Alarms("alarms", args));
    const { alarmActions, okActions, ...inputs } = recording.one("MetricAlarm", "alarms-database-cpu").inputs;
    assert.deepEqual([alarmActions, okActions].flat().length, 2);
    assert.deepEqual(inputs, {
      alarmDescription:
        "The database is busy. Look for slow queries. Runbook: https://example.com/runbook#database-cpu",
      namespace: "AWS/RDS",
      metricName: "CPUUtilization",
      dimensions: { DBInstanceIdentifier: "database-1" },
      statistic: "Average",
      period: 300,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
    });
  });

  it("makes an alarm of a percentile", async () => {
    const { recording } = await run(() => new Alarms("alarms", args));
    const { inputs } = recording.one("MetricAlarm", "alarms-latency");
    assert.equal(inputs["statistic"], undefined);
    assert.equal(inputs["extendedStatistic"], "p99");
    assert.equal(inputs["comparisonOperator"], "GreaterThanOrEqualToThreshold");
    assert.equal(inputs["datapointsToAlarm"], 3);
    assert.equal(inputs["treatMissingData"], "breaching");
  });

  it("lays the dashboard out from the edge inwards, three graphs a row", async () => {
    const more = ["two", "three", "four"].map((name) => ({ ...cpu, name }));
    const { result, recording } = await run(
      () => new Alarms("alarms", { ...args, definitions: [cpu, latency, ...more] }),
    );
    const { inputs } = recording.one("Dashboard");
    assert.equal(inputs["dashboardName"], "macro-ai-stack");
    const { widgets } = JSON.parse(inputs["dashboardBody"] as string) as {
      widgets: {
        type: string;
        x: number;
        y: number;
        properties: { title?: string; markdown?: string; alarms?: string[] };
      }[];
    };
    assert.deepEqual(
      widgets.map(({ type, x, y, properties }) => [type, x, y, properties.title ?? properties.markdown]),
      [
        ["alarm", 0, 0, "Alarms"],
        ["text", 0, 4, "## Load balancer"],
        ["metric", 0, 5, "latency"],
        ["text", 0, 11, "## Database"],
        ["metric", 0, 12, "database-cpu"],
        ["metric", 8, 12, "two"],
        ["metric", 16, 12, "three"],
        ["metric", 0, 18, "four"],
      ],
    );
    assert.equal(widgets[0]?.properties.alarms?.length, 5);
    assert.equal(
      await valueOf(result.dashboardUrl),
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/macro-ai-stack",
    );
  });

  it("works without anyone to write to", async () => {
    const { recording } = await run(() => new Alarms("alarms", unattended));
    assert.equal(recording.all("TopicSubscription").length, 0);
  });

  it("refuses all bad arguments at once", async () => {
    const definitions = [
      cpu,
      { ...cpu, datapointsToAlarm: 4, metric: { ...cpu.metric, periodSeconds: 90 } },
      { ...latency, description: "x".repeat(1000) },
    ];
    await assert.rejects(
      run(() => new Alarms("alarms", { ...args, definitions, dashboardName: "a b" })),
      {
        message:
          'Alarms "alarms" has 5 bad arguments:' +
          '\n  definitions[1].name is "database-cpu", as another\'s; each alarm needs its own' +
          "\n  definitions[1].metric.periodSeconds is 90; give 60 or a multiple of it" +
          "\n  definitions[1].datapointsToAlarm is more than the 3 evaluationPeriods" +
          "\n  definitions[2].description has 1045 characters with its runbook link; CloudWatch allows 1024" +
          '\n  dashboardName is "a b"; use up to 255 letters, digits, hyphens and underscores',
      },
    );
  });
});
