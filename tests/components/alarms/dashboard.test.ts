import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../../../components/alarm-definition.ts";
import { dashboardBody, type DashboardContent } from "../../../components/alarms/dashboard.ts";
import { cpu } from "./cpu.ts";

const latency: AlarmDefinition = {
  ...cpu,
  name: "api-latency",
  runbook: "service#latency",
  region: "us-east-1",
};
const storage: AlarmDefinition = {
  ...cpu,
  name: "database-storage",
  runbook: "database-alarms#storage",
  threshold: pulumi.output(4096),
  comparison: "below",
};
const share: AlarmDefinition = {
  ...cpu,
  name: "database-share",
  runbook: "database-alarms#share",
  math: { expression: "100 * m / most", label: "%", others: { most: { ...cpu.metric, metricName: "Most" } } },
};
const node = (number: number): AlarmDefinition => ({
  ...cpu,
  name: `cache-host-cpu-${number}`,
  runbook: "cache#host-cpu",
  metric: { ...cpu.metric, dimensions: { CacheClusterId: `cache-${number}` } },
});

function body(content: Partial<DashboardContent>) {
  const definitions = content.definitions ?? [cpu];
  const alarmArns = definitions.map(({ name }) => pulumi.output(`arn:${name}`));
  return dashboardBody({ title: "macro-ai-one", region: "eu-west-2", definitions, alarmArns, ...content });
}

/** The graph of a title. */
function graph(title: string, definitions: AlarmDefinition[]): Record<string, unknown> {
  const found = body({ definitions }).widgets.find((widget) => widget.properties["title"] === title);
  assert.ok(found, `There is no graph ${title}`);
  return found.properties;
}

describe("dashboardBody", () => {
  it("begins with what it is and the state of all alarms; then a section for each part, three graphs a row", () => {
    const more = ["two", "three"].map((name): AlarmDefinition => ({
      ...cpu,
      name,
      runbook: `database-alarms#${name}`,
    }));
    const { widgets } = body({ definitions: [cpu, ...more, storage, latency] });
    assert.deepEqual(
      widgets.map(({ type, x, y, width, height, properties }) => [
        [type, x, y, width, height].join(" "),
        String(properties["title"] ?? properties["markdown"]).split("\n")[0],
      ]),
      [
        ["text 0 0 24 3", "# macro-ai-one"],
        ["alarm 0 3 24 3", "Alarms"],
        ["text 0 6 24 1", "## Service"],
        ["metric 0 7 8 6", "api-latency"],
        ["text 0 13 24 1", "## Database and proxy"],
        ["metric 0 14 8 6", "database-cpu"],
        ["metric 8 14 8 6", "two"],
        ["metric 16 14 8 6", "three"],
        ["metric 0 20 8 6", "database-storage"],
      ],
    );
    assert.equal((widgets[1]?.properties["alarms"] as unknown[]).length, 5);
  });

  it("draws each threshold and shades what lies beyond it", () => {
    const line = (title: string) => graph(title, [cpu, storage])["annotations"];
    const red = "#d62728";
    assert.deepEqual(line("database-cpu"), {
      horizontal: [{ label: "alarm above", value: 80, fill: "above", color: red }],
    });
    assert.deepEqual(line("database-storage"), {
      horizontal: [{ label: "alarm below", value: storage.threshold, fill: "below", color: red }],
    });
  });

  it("shows a metric of another region from there", () => {
    assert.equal(graph("api-latency", [latency])["region"], "us-east-1");
    assert.equal(graph("database-cpu", [cpu])["region"], "eu-west-2");
  });

  it("gives alarms of one runbook one graph, a line each", () => {
    assert.deepEqual(graph("host cpu", [node(1), node(2)])["metrics"], [
      ["AWS/RDS", "CPUUtilization", "CacheClusterId", "cache-1", { label: "cache-host-cpu-1" }],
      ["AWS/RDS", "CPUUtilization", "CacheClusterId", "cache-2", { label: "cache-host-cpu-2" }],
    ]);
  });

  it("draws an expression's result and hides what it is made of", () => {
    const address = ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "database-1"];
    assert.deepEqual(graph("database-share", [share])["metrics"], [
      [{ id: "result", expression: "100 * m / most", label: "%" }],
      [...address, { id: "m", visible: false, stat: "Average" }],
      [...address.with(1, "Most"), { id: "most", visible: false, stat: "Average" }],
    ]);
  });

  it("leads from each heading to its runbook, where it can be read", () => {
    const headings = (content: Partial<DashboardContent>) =>
      body(content).widgets.flatMap(({ properties }) => (properties["markdown"] as string | undefined) ?? []);
    const runbookUrl = "https://example.com/runbooks";
    const [title, heading] = headings({ runbookUrl });
    assert.match(title ?? "", /\[the runbooks\]\(https:\/\/example\.com\/runbooks\/README\.md\)/);
    assert.equal(heading, `## Database and proxy [runbook](${runbookUrl}/database-alarms.md)`);
    assert.equal(headings({})[1], "## Database and proxy");
  });

  it("puts what it does not know at the end, under its own name", () => {
    const { widgets } = body({ definitions: [{ ...cpu, runbook: "jobs#waiting" }, latency] });
    assert.deepEqual(
      widgets.slice(2).flatMap(({ properties }) => properties["markdown"] ?? []),
      ["## Service", "## jobs"],
    );
  });

  it("has no widget of alarms where there is none: CloudWatch would refuse it", () => {
    assert.deepEqual(
      body({ definitions: [] }).widgets.map(({ type }) => type),
      ["text"],
    );
  });
});
