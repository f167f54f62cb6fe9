import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";
import { headingOf, pageOf, runbooksInRepository } from "../runbook.ts";

/** One widget as CloudWatch's dashboard body has it; the grid is 24 columns wide. */
interface Widget {
  type: "alarm" | "text" | "metric";
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

type Place = Pick<Widget, "x" | "y" | "width" | "height">;

/** What a dashboard is made of. */
export interface DashboardContent {
  /** Its own name. */
  title: string;
  /** The stack's region. */
  region: string;
  definitions: AlarmDefinition[];
  /** In the definitions' order. */
  alarmArns: pulumi.Output<string>[];
  /** @default - headings link nowhere */
  runbookUrl?: string;
}

/** What each page of the runbooks is about, what users notice first. Other pages follow under their own names. */
const SECTIONS: Record<string, string> = {
  service: "Service",
  function: "Function and HTTP API",
  "load-balancer": "Load balancer",
  "database-alarms": "Database and proxy",
  cache: "Cache",
  website: "Website",
  certificates: "Certificates",
  "audit-trail": "Audit trail",
};

const GRID_WIDTH = 24;
const TITLE_HEIGHT = 3;
const HEADING_HEIGHT = 1;
const GRAPH = { width: 8, height: 6 };
const GRAPHS_IN_A_ROW = GRID_WIDTH / GRAPH.width;
/** About as many tiles as the console sets side by side over the whole width. */
const TILES_IN_A_ROW = 6;

const BEYOND: Record<AlarmDefinition["comparison"], { words: string; fill: string }> = {
  above: { words: "above", fill: "above" },
  aboveOrEqual: { words: "from", fill: "above" },
  below: { words: "below", fill: "below" },
  belowOrEqual: { words: "down from", fill: "below" },
};
const RED = "#d62728";

/**
 * A dashboard to be read from the top: what it is, the state of all alarms, then a section for each part of the system,
 * what users notice first; in it one graph for each kind of alarm, its threshold drawn in and what lies beyond it shaded.
 * Alarms that share a runbook, such as those of a cache's nodes, share a graph.
 */
export function dashboardBody(content: DashboardContent): { widgets: Widget[] } {
  const widgets: Widget[] = [];
  let y = 0;
  const addRow = (height: number, row: (Pick<Widget, "type" | "properties"> & Pick<Place, "width">)[]) => {
    let x = 0;
    for (const widget of row) {
      widgets.push({ x, y, height, ...widget });
      x += widget.width;
    }
    y += height;
  };
  addRow(TITLE_HEIGHT, [{ type: "text", width: GRID_WIDTH, properties: { markdown: title(content) } }]);
  if (content.alarmArns.length > 0) {
    const properties = { title: "Alarms", alarms: content.alarmArns, sortBy: "stateUpdatedTimestamp" };
    const height = 2 + Math.ceil(content.alarmArns.length / TILES_IN_A_ROW);
    addRow(height, [{ type: "alarm", width: GRID_WIDTH, properties }]);
  }
  for (const section of sections(content.definitions)) {
    const markdown = heading(section, content.runbookUrl);
    addRow(HEADING_HEIGHT, [{ type: "text", width: GRID_WIDTH, properties: { markdown } }]);
    const graphs = section.graphs.map((members) => ({
      type: "metric" as const,
      width: GRAPH.width,
      properties: graph(content.region, members),
    }));
    for (let first = 0; first < graphs.length; first += GRAPHS_IN_A_ROW)
      addRow(GRAPH.height, graphs.slice(first, first + GRAPHS_IN_A_ROW));
  }
  return { widgets };
}

function title({ title: name, runbookUrl }: DashboardContent): string {
  const runbooks =
    runbookUrl === undefined ? runbooksInRepository : `[the runbooks](${runbookUrl}/README.md)`;
  return [
    `# ${name}`,
    `What users notice comes first. Red is beyond an alarm's threshold. What to do about each alarm: its description, and ${runbooks}.`,
    "Made by the stack's program: a change made here is undone by the next deployment.",
  ].join("\n\n");
}

interface Section {
  page: string;
  graphs: AlarmDefinition[][];
}

function heading({ page }: Section, runbookUrl: string | undefined): string {
  const link = runbookUrl === undefined ? "" : ` [runbook](${runbookUrl}/${page}.md)`;
  return `## ${SECTIONS[page] ?? page}${link}`;
}

/** By page in the sections' order; expressions keep a graph to themselves, since their metrics' names would collide. */
function sections(definitions: AlarmDefinition[]): Section[] {
  const byPage = Map.groupBy(definitions, ({ runbook }) => pageOf(runbook));
  const order = [...new Set([...Object.keys(SECTIONS), ...byPage.keys()])];
  return order.flatMap((page) => {
    const members = byPage.get(page);
    if (!members) return [];
    const graphs = Map.groupBy(members, ({ name, math, runbook }) => (math ? name : runbook));
    return [{ page, graphs: [...graphs.values()] }];
  });
}

function graph(region: string, members: AlarmDefinition[]): Record<string, unknown> {
  const [first] = members;
  if (!first) throw new Error("A graph shows at least one alarm's metric.");
  const { words, fill } = BEYOND[first.comparison];
  return {
    // Of several their common heading: "disk latency".
    title: members.length === 1 ? first.name : headingOf(first.runbook),
    region: first.region ?? region,
    view: "timeSeries",
    stacked: false,
    stat: first.metric.statistic,
    period: first.metric.periodSeconds,
    metrics: members.flatMap((member) => lines(member, members.length > 1)),
    annotations: {
      horizontal: [{ label: `alarm ${words}`, value: first.threshold, fill, color: RED }],
    },
    yAxis: { left: { min: 0 } },
  };
}

function lines({ name, metric, math }: AlarmDefinition, isOneOfSeveral: boolean): unknown[][] {
  if (!math) return [[...address(metric), isOneOfSeveral ? { label: name } : {}]];
  const hidden = Object.entries({ m: metric, ...math.others }).map(([id, each]) => [
    ...address(each),
    { id, visible: false, stat: each.statistic },
  ]);
  return [[{ id: "result", expression: math.expression, label: math.label }], ...hidden];
}

function address({ namespace, metricName, dimensions }: Metric): unknown[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat()];
}
