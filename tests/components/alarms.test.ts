import assert from "node:assert/strict";
import type { AlarmDefinition } from "../../components/alarm-definition.ts";
import { Alarms, type AlarmsArgs } from "../../components/alarms.ts";
import { cpu } from "./alarms/cpu.ts";
import { run, valueOf } from "./mocks.ts";
import { without } from "./without.ts";

const target = (metricName: string, statistic: string) => ({
  namespace: "AWS/ApplicationELB",
  metricName,
  dimensions: { LoadBalancer: "app/main/1" },
  statistic,
  periodSeconds: 60,
});
const latency: AlarmDefinition = {
  name: "latency",
  description: "Requests are slow. Compare with the database.",
  runbook: "service#latency",
  metric: target("TargetResponseTime", "p99"),
  threshold: 2,
  comparison: "aboveOrEqual",
  evaluationPeriods: 5,
  datapointsToAlarm: 3,
  missingData: "breaching",
};
const rate: AlarmDefinition = {
  name: "error-rate",
  description: "Requests fail. Roll back.",
  runbook: "service#error-rate",
  metric: target("HTTPCode_Target_5XX_Count", "Sum"),
  math: {
    expression: "100 * m / requests",
    label: "errors, % of requests",
    others: { requests: target("RequestCount", "Sum") },
  },
  threshold: 5,
  comparison: "above",
  evaluationPeriods: 2,
};
const website: AlarmDefinition = {
  ...cpu,
  name: "website-5xx",
  runbook: "website#5xx",
  region: "us-east-1",
};
const runbookUrl = "https://example.com/runbooks";
const unattended: AlarmsArgs = {
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  accountId: "123456789012",
  region: "us-east-1",
  definitions: [cpu, latency],
  runbookUrl,
};
const args: AlarmsArgs = { ...unattended, email: "ops@example.com" };
const abroad: AlarmsArgs = {
  ...args,
  region: "eu-west-2",
  kmsKeyArn: "arn:aws:kms:eu-west-2:123456789012:key/2",
  kmsKeyArnsElsewhere: { "us-east-1": args.kmsKeyArn },
  definitions: [cpu, website],
};

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
    // The policy, too: until it is there, nobody may publish.
    assert.deepEqual(alarm.options.propertyDependencies["alarmActions"], [
      topic.urn,
      recording.one("TopicPolicy").urn,
    ]);
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
      alarmDescription: `The database is busy. Look for slow queries. Runbook: ${runbookUrl}/database-alarms.md#cpu`,
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
      region: "us-east-1",
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

  it("makes an alarm of an expression, whose result alone counts", async () => {
    const { recording } = await run(() => new Alarms("alarms", { ...args, definitions: [rate] }));
    const { inputs } = recording.one("MetricAlarm");
    const metric = (metricName: string) => ({
      namespace: "AWS/ApplicationELB",
      metricName,
      dimensions: { LoadBalancer: "app/main/1" },
      stat: "Sum",
      period: 60,
    });
    assert.deepEqual(inputs["metricQueries"], [
      { id: "result", expression: "100 * m / requests", label: "errors, % of requests", returnData: true },
      { id: "m", metric: metric("HTTPCode_Target_5XX_Count") },
      { id: "requests", metric: metric("RequestCount") },
    ]);
    for (const left of ["metricName", "namespace", "period", "statistic"])
      assert.equal(inputs[left], undefined, left);
  });

  it("watches another region's metrics there, by a topic of that region that writes to the same person", async () => {
    const { result, recording } = await run(() => new Alarms("alarms", abroad));
    const topic = recording.one("Topic", "alarms-us-east-1");
    assert.partialDeepStrictEqual(topic.inputs, {
      region: "us-east-1",
      kmsMasterKeyId: abroad.kmsKeyArnsElsewhere?.["us-east-1"],
    });
    assert.equal(recording.statements(recording.one("TopicPolicy", "alarms-us-east-1")).length, 3);
    assert.partialDeepStrictEqual(recording.one("TopicSubscription", "alarms-us-east-1-email").inputs, {
      region: "us-east-1",
      endpoint: "ops@example.com",
    });
    const alarm = recording.one("MetricAlarm", "alarms-website-5xx");
    assert.equal(alarm.inputs["region"], "us-east-1");
    assert.ok(alarm.options.propertyDependencies["alarmActions"]?.includes(topic.urn));
    const own = recording.one("MetricAlarm", "alarms-database-cpu");
    assert.equal(own.inputs["region"], "eu-west-2");
    assert.ok(
      own.options.propertyDependencies["alarmActions"]?.includes(recording.one("Topic", "alarms").urn),
    );
    assert.deepEqual(Object.keys(result.topicArns).sort(), ["eu-west-2", "us-east-1"]);
  });

  it("makes one topic where the other region is the stack's own", async () => {
    const { recording } = await run(
      () =>
        new Alarms("alarms", {
          ...args,
          kmsKeyArnsElsewhere: { "us-east-1": args.kmsKeyArn },
          definitions: [website],
        }),
    );
    assert.deepEqual(recording.names("Topic"), ["alarms"]);
    assert.equal(recording.one("MetricAlarm").inputs["region"], "us-east-1");
  });

  it("works without anyone to write to", async () => {
    const { recording } = await run(() => new Alarms("alarms", unattended));
    assert.equal(recording.all("TopicSubscription").length, 0);
  });

  it("names the runbook's file where nobody says where it can be read", async () => {
    const rest = without(args, "runbookUrl");
    const { recording } = await run(() => new Alarms("alarms", rest));
    assert.match(
      String(recording.one("MetricAlarm", "alarms-latency").inputs["alarmDescription"]),
      / Runbook: docs\/runbooks\/service\.md#latency$/,
    );
  });

  it("leads to its dashboard", async () => {
    const { result } = await run(() => new Alarms("alarms", args));
    assert.equal(
      await valueOf(result.dashboardUrl),
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/macro-ai-stack",
    );
  });

  it("can do without a dashboard, and leads to AWS's own list then", async () => {
    const { result, recording } = await run(() => new Alarms("alarms", { ...args, dashboard: "none" }));
    assert.deepEqual(recording.all("Dashboard"), []);
    assert.equal(result.dashboardName, undefined);
    assert.equal(
      await valueOf(result.dashboardUrl),
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:",
    );
  });

  it("refuses more alarms than one dashboard shows, and an expression that leaves a metric out", () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ ...cpu, name: `cpu-${index}` }));
    assert.throws(() => new Alarms("alarms", { ...args, definitions: many }), /definitions are 101; /);
    const half = { ...rate, math: { expression: "100 * m", label: "%", others: rate.math?.others ?? {} } };
    assert.throws(
      () => new Alarms("alarms", { ...args, definitions: [half] }),
      /definitions\[0\]\.math\.expression is "100 \* m" and does not use requests/,
    );
  });
});
