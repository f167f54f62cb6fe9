import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";

/** One widget as CloudWatch's dashboard body has it; the grid is 24 columns wide. */
interface Widget {
  type: "alarm" | "text" | "metric";
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

const GRID_WIDTH = 24;
const STATUS_HEIGHT = 4;
const HEADING_HEIGHT = 1;
const GRAPH = { width: 8, height: 6 };
const GRAPHS_IN_A_ROW = GRID_WIDTH / GRAPH.width;

/** Sections in the order in which a request meets the system. Others follow, by name. */
const SECTIONS: Record<string, string> = {
  "AWS/CloudFront": "Edge",
  "AWS/WAFV2": "Firewall",
  "AWS/ApplicationELB": "Load balancer",
  "AWS/ApiGateway": "HTTP API",
  "AWS/Lambda": "Function",
  "AWS/ECS": "Service",
  "ECS/ContainerInsights": "Service tasks",
  "AWS/RDS": "Database",
  "AWS/ElastiCache": "Cache",
};

const ABOVE = { fill: "above", color: "#d62728" };
const BELOW = { fill: "below", color: "#d62728" };
const ANNOTATIONS: Record<AlarmDefinition["comparison"], { fill: string; color: string }> = {
  above: ABOVE,
  aboveOrEqual: ABOVE,
  below: BELOW,
  belowOrEqual: BELOW,
};

/**
 * A dashboard to be read from the top: the state of all alarms, then a section for each part of the system with one
 * graph for each alarm, its threshold drawn in and what lies beyond it shaded.
 */
export function dashboardBody(
  region: string,
  definitions: AlarmDefinition[],
  alarmArns: pulumi.Output<string>[],
): { widgets: Widget[] } {
  const widgets: Widget[] = [];
  let y = 0;
  if (alarmArns.length > 0) {
    widgets.push({
      type: "alarm",
      x: 0,
      y,
      width: GRID_WIDTH,
      height: STATUS_HEIGHT,
      properties: { title: "Alarms", alarms: alarmArns, sortBy: "stateUpdatedTimestamp" },
    });
    y += STATUS_HEIGHT;
  }
  for (const [title, members] of sections(definitions)) {
    widgets.push({
      type: "text",
      x: 0,
      y,
      width: GRID_WIDTH,
      height: HEADING_HEIGHT,
      properties: { markdown: `## ${title}` },
    });
    y += HEADING_HEIGHT;
    for (const [index, definition] of members.entries()) {
      widgets.push({
        type: "metric",
        x: (index % GRAPHS_IN_A_ROW) * GRAPH.width,
        y: y + Math.floor(index / GRAPHS_IN_A_ROW) * GRAPH.height,
        ...GRAPH,
        properties: graph(region, definition),
      });
    }
    y += Math.ceil(members.length / GRAPHS_IN_A_ROW) * GRAPH.height;
  }
  return { widgets };
}

function sections(definitions: AlarmDefinition[]): [title: string, members: AlarmDefinition[]][] {
  const order = Object.keys(SECTIONS);
  const rank = (namespace: string): number =>
    order.includes(namespace) ? order.indexOf(namespace) : order.length;
  return Object.entries(Object.groupBy(definitions, ({ metric }) => metric.namespace))
    .sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other))
    .map(([namespace, members]) => [SECTIONS[namespace] ?? namespace, members ?? []]);
}

function graph(region: string, definition: AlarmDefinition): Record<string, unknown> {
  const { metric } = definition;
  const dimensions = Object.entries(metric.dimensions).flat();
  return {
    title: definition.name,
    region,
    view: "timeSeries",
    stacked: false,
    stat: metric.statistic,
    period: metric.periodSeconds,
    metrics: [[metric.namespace, metric.metricName, ...dimensions]],
    annotations: {
      horizontal: [{ label: "alarm", value: definition.threshold, ...ANNOTATIONS[definition.comparison] }],
    },
    yAxis: { left: { min: 0 } },
  };
}
