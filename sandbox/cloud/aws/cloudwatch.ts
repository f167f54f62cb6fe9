import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import {
  arnOf,
  check,
  conflicting,
  count,
  exactlyOne,
  integer,
  lengthOf,
  matches,
  must,
  needs,
  oneOf,
  parsed,
  when,
} from "./constraints.ts";
import { events } from "./events.ts";
import { logs } from "./logs.ts";
import { amount, arn, byInput, known, list, nested, text } from "./shapes.ts";

const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const COMPARISONS = [
  ...[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ],
  ...["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"],
];

const alarmActions = ["alarmActions", "okActions", "insufficientDataActions"].flatMap((actions) => [
  count(actions, 0, 5),
  arnOf(`${actions}[]`),
]);

const ALARM_NAME = {
  maxLength: 255,
  scope: "region",
  taken: (name: string) => `ValidationError: an alarm named ${name} exists already`,
} as const;

export const cloudwatch: Rules = {
  ...events,
  ...logs,
  [METRIC_ALARM]: {
    name: { ...ALARM_NAME, property: "name", autoname: "hex" },
    id: byInput("name"),
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
    computed: (ctx) => ({
      arn: arn(ctx, "cloudwatch", `alarm:${ctx.id}`),
      evaluateLowSampleCountPercentiles: "",
    }),
    replaceOn: ["name"],
    sets: ["alarmActions", "okActions", "insufficientDataActions", "metricQueries"],
    check: check(
      oneOf("comparisonOperator", ...COMPARISONS),
      oneOf("treatMissingData", "missing", "ignore", "breaching", "notBreaching"),
      oneOf("statistic", "SampleCount", "Average", "Sum", "Minimum", "Maximum"),
      matches(
        "extendedStatistic",
        /^(p(\d{1,2}(\.\d{1,10})?|100)|IQM|(tm|wm|tc|ts|TM|WM|TC|TS|PR)[(\d].*)$/,
        "a percentile such as p99 or a trimmed statistic",
      ),
      conflicting("statistic", "extendedStatistic"),
      conflicting("threshold", "thresholdMetricId"),
      exactlyOne("metricName", "metricQueries", "evaluationCriteria"),
      when(
        (inputs) => known(inputs["metricName"]),
        needs("with metricName", "namespace", "period", "comparisonOperator", "evaluationPeriods"),
      ),
      when(
        (inputs) =>
          known(inputs["metricName"]) &&
          inputs["statistic"] === undefined &&
          inputs["extendedStatistic"] === undefined,
        needs("unless extendedStatistic is given", "statistic"),
      ),
      must("period", isPeriod, "10, 20, 30 or a multiple of 60 s"),
      must("metricQueries[].metric.period", isPeriod, "10, 20, 30 or a multiple of 60 s"),
      integer("evaluationPeriods", 1, 10080),
      integer("datapointsToAlarm", 1, 10080),
      lengthOf("alarmDescription", 0, 1024),
      count("metricQueries", 1, 20),
      matches(
        "metricQueries[].id",
        /^[a-z]\w*$/,
        "a lower-case letter first, then letters, digits and underscores",
      ),
      ...alarmActions,
      fewEnoughPeriods,
      returnsOne,
    ),
    admit: actsInItsRegion,
  },
  [COMPOSITE_ALARM]: {
    name: { ...ALARM_NAME, property: "alarmName", autoname: "required" },
    id: byInput("alarmName"),
    defaults: { actionsEnabled: true },
    computed: (ctx) => ({ arn: arn(ctx, "cloudwatch", `alarm:${ctx.id}`) }),
    replaceOn: ["alarmName", "actionsEnabled"],
    sets: ["alarmActions", "okActions", "insufficientDataActions"],
    check: check(lengthOf("alarmDescription", 0, 1024), lengthOf("alarmRule", 1, 10240), ...alarmActions),
    admit: namedAlarms,
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    name: {
      property: "dashboardName",
      pattern: /^[A-Za-z0-9_-]+$/,
      allowed: "letters, digits, hyphens and underscores",
      maxLength: 255,
      scope: "account",
      autoname: "required",
    },
    id: byInput("dashboardName"),
    computed: (ctx) => ({
      dashboardArn: `arn:${ctx.partition}:cloudwatch::${ctx.accountId}:dashboard/${ctx.id}`,
    }),
    replaceOn: ["dashboardName"],
    check: check(
      must(
        "dashboardBody",
        (value) => Array.isArray(nested(parsed(value))["widgets"]),
        "a dashboard body in JSON with widgets",
      ),
      widgets,
    ),
  },
};

function isPeriod(value: unknown): boolean {
  return (
    [10, 20, 30].includes(Number(value)) ||
    (Number(value) > 0 && Number(value) % 60 === 0 && Number(value) <= 86400)
  );
}

function fewEnoughPeriods(inputs: Inputs): Problem[] {
  const periods = amount(inputs, "evaluationPeriods", 1);
  const seconds = periods * amount(inputs, "period", 60);
  const most = amount(inputs, "period", 60) >= 3600 ? 604800 : 86400;
  const points = amount(inputs, "datapointsToAlarm", 1);
  return [
    ...(seconds > most
      ? [
          {
            property: "evaluationPeriods",
            reason: `expected period x evaluationPeriods of at most ${most} s, got ${seconds}`,
          },
        ]
      : []),
    ...(points > periods
      ? [
          {
            property: "datapointsToAlarm",
            reason: `expected at most evaluationPeriods (${periods}), got ${points}`,
          },
        ]
      : []),
  ];
}

/** An alarm tells topics of its own region only. */
function actsInItsRegion({ inputs, region }: Context): string | undefined {
  const topics = ["alarmActions", "okActions", "insufficientDataActions"]
    .flatMap((actions) => list(inputs, actions))
    .filter((action) => typeof action === "string" && action.startsWith("arn:aws:sns:"))
    .map((topic) => String(topic).split(":")[3]);
  const other = topics.find((place) => place !== region);
  return other === undefined
    ? undefined
    : `ValidationError: Invalid region ${other} specified. Only ${region} is supported.`;
}

/** Of several metrics and expressions exactly one is what the alarm watches. */
function returnsOne(inputs: Inputs): Problem[] {
  const queries = list(inputs, "metricQueries").map(nested);
  const watched = queries.filter(({ returnData }) => returnData === true).length;
  return queries.length > 0 && watched !== 1
    ? [
        {
          property: "metricQueries",
          reason: `expected returnData true for exactly one query, got ${watched}`,
        },
      ]
    : [];
}

/** A composite alarm can only watch alarms that exist. */
function namedAlarms({ inputs, world }: Context): string | undefined {
  const names = [
    ...text(inputs, "alarmRule").matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*["']?(.+?)["']?\s*\)/g),
  ].map(([, name = ""]) => name.replace(/^arn:.*:alarm:/, ""));
  const missing = names.find(
    (name) => world.get(METRIC_ALARM, name) === undefined && world.get(COMPOSITE_ALARM, name) === undefined,
  );
  return missing === undefined
    ? undefined
    : `ValidationError: Could not save the composite alarm as alarms [${missing}] in the alarm rule do not exist`;
}

function widgets(inputs: Inputs): Problem[] {
  return list(nested(parsed(inputs["dashboardBody"])), "widgets")
    .map(nested)
    .flatMap((widget, index) => {
      const at = `dashboardBody.widgets[${index}]`;
      const problems: Problem[] = [];
      if (!["metric", "text", "log", "alarm", "explorer", "custom"].includes(text(widget, "type")))
        problems.push({
          property: `${at}.type`,
          reason: "expected metric, text, log, alarm, explorer or custom",
        });
      if (widget["properties"] === undefined)
        problems.push({ property: `${at}.properties`, reason: "is required" });
      if (amount(widget, "x", 0) + amount(widget, "width", 6) > 24)
        problems.push({ property: `${at}.width`, reason: "reaches beyond the 24 columns of a dashboard" });
      return problems;
    });
}
