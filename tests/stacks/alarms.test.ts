import assert from "node:assert/strict";
import { type Scale, scales } from "../../stacks/environments.ts";
import type { Recording, Registered } from "../components/mocks.ts";
import { anchorsOf, pages } from "../docs/runbooks.ts";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

const domain = { domain: "macro-ai.com", hostedZoneId: "Z0123456789EXAMPLE" };
/** The subject of each line of the request, by the names that it has in both scales. */
const wanted: Readonly<Record<Scale, readonly string[]>> = {
  enterprise: [
    // The document's three.
    ...["api-cpu", "database-connections", "api-5xx"],
    ...[
      "api-memory",
      "api-running-tasks",
      "api-5xx-rate",
      "api-latency",
      "api-unhealthy-hosts",
      "api-rollback",
    ],
    ...["load-balancer-5xx", "load-balancer-rejected-connections", "load-balancer-tls-errors"],
    ...["database-cpu", "database-connections-share", "database-storage", "database-memory", "database-swap"],
    ...[
      "database-read-latency",
      "database-write-latency",
      "database-transaction-ids",
      "database-cpu-credits",
    ],
    ...["database-proxy-logins", "database-proxy-connections"],
    ...["database-proxy-borrow-latency", "database-proxy-pinning", "cache-failover"],
    ...[1, 2].flatMap((node) =>
      ["cpu", "host-cpu", "memory", "evictions", "logins", "replication"].map((of) => `cache-${of}-${node}`),
    ),
    ...["website-5xx-rate", "website-4xx-rate", "certificate-expiry", "audit-trail-stopped"],
    ...["rotation-attention", "rotation-dead-letters"],
  ],
  hobby: [
    "rotation-attention",
    ...["api-errors", "api-throttles", "api-duration", "api-5xx", "api-dead-letters"],
    ...["website-5xx-rate", "website-4xx-rate", "certificate-expiry", "audit-trail-stopped"],
  ],
};
const wantedEvents: Readonly<Record<Scale, readonly string[]>> = {
  enterprise: [
    ...["database-failover", "database-failure", "database-availability", "database-master-rotation-failed"],
    ...[
      "api-deployment-rolled-back",
      "secrets-rotation-failed",
      "secrets-rotated",
      "certificate-renewal",
      "audit-trail-changed",
    ],
  ],
  hobby: ["secrets-rotation-failed", "secrets-rotated", "certificate-renewal", "audit-trail-changed"],
};
/** Metrics that alarms may read for nothing: CloudWatch's free tier. */
const freeAlarms = 10;
/** Production's trail and certificates make one more, for USD 0.10 a month. */
const beyondFree = { staging: 0, production: 1 };

describe("the program's alarms", function () {
  this.timeout(120_000);
  const recordings = new Map<string, Recording>();
  const recordingOf = (name: string): Recording => {
    const found = recordings.get(name);
    assert.ok(found);
    return found;
  };
  const evaluateAs = async (name: string, config: Given): Promise<void> => {
    recordings.set(name, await made(config, "one"));
  };

  before(async () => {
    for (const scale of scales) await evaluateAs(scale, { ...given("production", scale), ...domain });
    await evaluateAs("staging", given("staging", "hobby"));
    await evaluateAs("abroad", { ...given("production", "hobby"), ...domain, "aws:region": "eu-west-2" });
    await evaluateAs("linked", {
      ...given("production", "enterprise"),
      runbookUrl: "https://example.com/books",
    });
  });

  for (const scale of scales) {
    describe(`at ${scale} scale`, () => {
      let recording: Recording;
      before(() => {
        recording = recordingOf(scale);
      });

      it("are those that were asked for, and no others", () => {
        assert.deepEqual(recording.names("MetricAlarm").map(withoutParent).sort(), wanted[scale].toSorted());
        assert.deepEqual(
          messages(recording)
            .map(({ name }) => withoutParent(name))
            .sort(),
          wantedEvents[scale].toSorted(),
        );
      });

      it("say what has happened and what to do, and lead to a heading that exists", () => {
        for (const { name, description } of described(recording)) {
          const [, text = "", page = "", anchor = ""] =
            /^(.+) Runbook: docs\/runbooks\/([\w-]+\.md)#([\w-]+)$/.exec(description) ?? [];
          assert.ok(text.split(/[.;:] /).length >= 2, `${name} tells one thing only: ${description}`);
          assert.match(text, instruction, `${name} does not say what to do: ${description}`);
          assert.ok(pages().includes(page), `${name} leads to ${page}, which is not in docs/runbooks`);
          assert.ok(
            anchorsOf(page).includes(anchor),
            `${name} leads to ${page}#${anchor}, which is no heading`,
          );
        }
      });

      it("reach somebody", () => {
        const topics = recording.all("Topic").map(({ urn }) => urn);
        for (const alarm of recording.all("MetricAlarm").filter(({ name }) => name !== "api-rollback")) {
          assert.ok(
            topics.some((topic) => actsOn(alarm, topic)),
            alarm.name,
          );
        }
        assert.equal(recording.all("TopicSubscription").length, topics.length);
      });

      it("are watched for a day at most, which is all that CloudWatch evaluates", () => {
        for (const { name, inputs } of recording.all("MetricAlarm")) {
          const seconds = Number(inputs["evaluationPeriods"]) * periodOf(inputs);
          assert.ok(seconds <= 86_400, `${name}: ${seconds} s`);
        }
      });

      it("take silence for what it is: nothing of a count of mishaps, nobody knows of a gauge, the worst of a heartbeat", () => {
        const heartbeats = ["api-running-tasks", "audit-trail-stopped"];
        for (const { name, inputs } of recording.all("MetricAlarm")) {
          const treatment = inputs["treatMissingData"];
          const short = withoutParent(name);
          if (heartbeats.includes(short)) assert.equal(treatment, "breaching", name);
          else if (short.includes("certificate")) assert.equal(treatment, "ignore", name);
          else if (inputs["namespace"] === "AWS/RDS" && hasDimension(inputs, "DBInstanceIdentifier"))
            assert.equal(treatment, "missing", name);
          else if (inputs["statistic"] === "Sum") assert.equal(treatment, "notBreaching", name);
        }
      });

      it("fit their dashboard into what CloudWatch takes", () => {
        checkDashboard(recording);
      });
    });
  }

  it("have the document's numbers", () => {
    const numbers = (name: string) => {
      const { inputs } = recordingOf("enterprise").one("MetricAlarm", `alarms-${name}`);
      return [inputs["metricName"], inputs["statistic"], inputs["threshold"], inputs["evaluationPeriods"]];
    };
    assert.deepEqual(numbers("api-cpu"), ["CPUUtilization", "Average", 80, 2]);
    assert.deepEqual(numbers("database-connections"), ["DatabaseConnections", "Average", 80, 2]);
    assert.deepEqual(numbers("api-5xx"), ["HTTPCode_Target_5XX_Count", "Sum", 10, 2]);
  });

  for (const [environment, more] of Object.entries(beyondFree)) {
    it(`are free at hobby scale, save ${more} in ${environment}`, () => {
      const alarms = recordingOf(environment === "production" ? "hobby" : environment).all("MetricAlarm");
      // Each metric that an alarm reads counts; an expression's result does not.
      const read = alarms.map(({ inputs }) => ((inputs["metricQueries"] ?? []) as Query[]).length - 1);
      const metrics = read.reduce((sum, count) => sum + Math.max(count, 1), 0);
      assert.ok(metrics <= freeAlarms + more, `${metrics} metrics`);
    });
  }

  it("outside us-east-1 watch CloudFront and its certificate there, by a topic and a key of that region", () => {
    const recording = recordingOf("abroad");
    const there = (type: string) =>
      recording
        .all(type)
        .filter(({ inputs }) => inputs["region"] === "us-east-1")
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(there("MetricAlarm"), [
      "alarms-certificate-cloudfront-expiry",
      "alarms-website-4xx-rate",
      "alarms-website-5xx-rate",
    ]);
    assert.deepEqual(there("EventRule"), ["events-certificate-cloudfront-renewal"]);
    const [topic] = recording.all("Topic").filter(({ inputs }) => inputs["region"] === "us-east-1");
    const key = recording.one("aws:kms/key:Key", "edge-key");
    assert.deepEqual(topic?.options.propertyDependencies["kmsMasterKeyId"], [key.urn]);
    const readers = recording.statements(key).flatMap(({ principals }) => principals as { Service?: string });
    for (const service of [
      "cloudwatch.amazonaws.com",
      "events.amazonaws.com",
      "logs.us-east-1.amazonaws.com",
    ])
      assert.ok(
        readers.some(({ Service }) => Service === service),
        service,
      );
    for (const name of there("MetricAlarm"))
      assert.ok(actsOn(recording.one("MetricAlarm", name), topic.urn), name);
    checkDashboard(recording);
  });

  it("link to where the runbooks can be read, once that is configured", () => {
    for (const { name, description } of described(recordingOf("linked")))
      assert.match(description, / Runbook: https:\/\/example\.com\/books\/[\w-]+\.md#[\w-]+$/, name);
    const body = String(recordingOf("linked").one("Dashboard").inputs["dashboardBody"]);
    assert.match(body, /\(https:\/\/example\.com\/books\/service\.md\)/);
  });

  it("leave no heading of the runbooks without its alarm", () => {
    const used = new Set(
      [...recordings.values()].flatMap((recording) =>
        described(recording).map(({ description }) => description.replace(/^.* Runbook: .*\//, "")),
      ),
    );
    for (const page of pages().filter((name) => [...used].some((link) => link.startsWith(`${name}#`))))
      for (const anchor of anchorsOf(page)) assert.ok(used.has(`${page}#${anchor}`), `${page}#${anchor}`);
  });
});

/** How an instruction begins, after a full stop, a semicolon or a colon. */
const instruction =
  /(?:^|[.;:,] (?:then |else |and |now )?)(?:add|ask|call|change|check|compare|count|end|free|grow|look|make|mend|open|put|raise|read|roll|see|send|spread|start|stop|take|treat)\b/i;

function described(recording: Recording): { name: string; description: string }[] {
  return [
    ...recording.all("MetricAlarm").map(({ name, inputs }) => ({
      name,
      description: String(inputs["alarmDescription"]),
    })),
    ...messages(recording).map(({ name, inputs }) => ({
      name,
      description: String(inputs["description"]),
    })),
  ];
}

/** The rules that pass an event on; others call a function by the clock. */
function messages(recording: Recording): Registered[] {
  return recording.all("EventRule").filter(({ inputs }) => inputs["eventPattern"] !== undefined);
}

function withoutParent(name: string): string {
  return name.replace(/^(?:alarms|events)-/, "");
}

type Inputs = Registered["inputs"];

/** Whether an alarm tells a topic; it may wait for the topic's policy as well. */
function actsOn({ options }: Registered, topic: string | undefined): boolean {
  return topic !== undefined && options.propertyDependencies["alarmActions"]?.includes(topic) === true;
}

interface Query {
  metric?: { period: number; dimensions: object };
}

function periodOf(inputs: Inputs): number {
  const queries = (inputs["metricQueries"] ?? []) as Query[];
  return Number(inputs["period"] ?? queries.find(({ metric }) => metric)?.metric?.period);
}

function hasDimension(inputs: Inputs, name: string): boolean {
  return Object.keys(inputs["dimensions"] ?? {}).includes(name);
}

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { alarms?: string[]; metrics?: unknown[]; annotations?: { horizontal: object[] } };
}

/** CloudWatch API Reference, "Dashboard body structure and syntax", and CloudWatch User Guide, "CloudWatch service quotas". */
function checkDashboard(recording: Recording): void {
  const { widgets } = JSON.parse(String(recording.one("Dashboard").inputs["dashboardBody"])) as {
    widgets: Widget[];
  };
  assert.ok(widgets.length <= 500, `${widgets.length} widgets`);
  const metrics = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
  assert.ok(Math.max(...metrics) <= 500 && metrics.reduce((sum, count) => sum + count) <= 2500);
  const taken = new Set<string>();
  for (const { type, x, y, width, height, properties } of widgets) {
    assert.ok(x >= 0 && width >= 1 && x + width <= 24, `${type} at ${x} is ${width} wide`);
    assert.ok(height >= 1 && height <= 1000 && y >= 0);
    for (let column = x; column < x + width; column += 1)
      for (let row = y; row < y + height; row += 1) {
        assert.ok(!taken.has(`${column} ${row}`), `two widgets at ${column} ${row}`);
        taken.add(`${column} ${row}`);
      }
    if (type === "metric") assert.equal(properties.annotations?.horizontal.length, 1);
    if (properties.alarms) assert.ok(properties.alarms.length >= 1 && properties.alarms.length <= 100);
  }
  const [title, status] = widgets;
  assert.deepEqual([title?.type, status?.type], ["text", "alarm"]);
  const own = recording.all("MetricAlarm").filter(({ name }) => name.startsWith("alarms-"));
  assert.equal(status?.properties.alarms?.length, own.length);
  // A label that stands for nothing would be read as "undefined".
  assert.doesNotMatch(JSON.stringify(widgets), /undefined|\[object/);
}
