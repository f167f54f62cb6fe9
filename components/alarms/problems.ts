import type { AlarmDefinition, MetricMath } from "../alarm-definition.ts";
import { broken, type Problem, type Rule } from "../problems.ts";
import { withRunbook } from "../runbook.ts";

/** AWS cuts no description short; it refuses a longer one. */
const maxDescriptionLength = 1024;

/** Metrics that one expression may read (CloudWatch User Guide, "Create an alarm based on a metric math expression"). */
const maxMetrics = 10;

/** The most alarms that one widget of a dashboard shows (CloudWatch API Reference, "Dashboard body structure and syntax"). */
const maxAlarms = 100;

/** What is wrong with alarm definitions, if anything. */
export function alarmProblems(args: {
  definitions: AlarmDefinition[];
  region: string;
  kmsKeyArnsElsewhere?: Record<string, unknown>;
  runbookUrl?: string;
}): Problem[] {
  const names = args.definitions.map(({ name }) => name);
  const regions = [args.region, ...Object.keys(args.kmsKeyArnsElsewhere ?? {})];
  return broken([
    {
      path: "definitions",
      holds: names.length <= maxAlarms,
      message: `are ${names.length}; the dashboard shows the state of ${maxAlarms}: split them over two components`,
    },
    ...args.definitions.flatMap((definition, index) =>
      rules(definition, args.runbookUrl, {
        isFirst: names.indexOf(definition.name) === index,
        hasTopic: regions.includes(definition.region ?? args.region),
      }).map((rule) => ({ ...rule, path: `definitions[${index}].${rule.path}` })),
    ),
  ]);
}

function rules(
  definition: AlarmDefinition,
  runbookUrl: string | undefined,
  { isFirst, hasTopic }: { isFirst: boolean; hasTopic: boolean },
): Rule[] {
  const { periodSeconds } = definition.metric;
  const { length } = withRunbook(definition.description, definition.runbook, runbookUrl);
  return [
    {
      path: "name",
      holds: isFirst,
      message: `is "${definition.name}", as another's; each alarm needs its own`,
    },
    {
      path: "description",
      holds: length <= maxDescriptionLength,
      message: `has ${length} characters with its runbook; CloudWatch allows ${maxDescriptionLength}`,
    },
    {
      path: "metric.periodSeconds",
      holds: periodSeconds >= 60 && periodSeconds % 60 === 0,
      message: `is ${periodSeconds}; give 60 or a multiple of it`,
    },
    {
      path: "datapointsToAlarm",
      holds: (definition.datapointsToAlarm ?? 1) <= definition.evaluationPeriods,
      message: `is more than the ${definition.evaluationPeriods} evaluationPeriods`,
    },
    {
      path: "region",
      holds: hasTopic,
      message: `is ${definition.region ?? ""}, where there is no topic; give kmsKeyArnsElsewhere a key of that region`,
    },
    ...(definition.math ? mathRules(definition.math, periodSeconds) : []),
  ];
}

function mathRules({ expression, others = {} }: MetricMath, periodSeconds: number): Rule[] {
  const names = ["m", ...Object.keys(others)];
  const strange = names.filter((name) => !/^[a-z][a-zA-Z0-9]*$/.test(name) || name === "result");
  const unused = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(expression));
  const uneven = Object.values(others).find((other) => other.periodSeconds !== periodSeconds);
  return [
    {
      path: "math.others",
      holds: names.length <= maxMetrics,
      message: `make ${names.length} metrics with the alarm's own; CloudWatch allows ${maxMetrics} in an alarm`,
    },
    {
      path: "math.others",
      holds: strange.length === 0,
      message: `has the names ${strange.join(", ")}; use a lower-case letter, then letters and digits, and not "result"`,
    },
    {
      path: "math.expression",
      holds: strange.length > 0 || unused.length === 0,
      message: `is "${expression}" and does not use ${unused.join(", ")}`,
    },
    {
      path: "math.others",
      holds: uneven === undefined,
      message: `have a period of ${uneven?.periodSeconds ?? ""} s; an alarm needs one period, the metric's ${periodSeconds} s`,
    },
  ];
}
