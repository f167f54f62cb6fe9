import { isKnown } from "../../core/unknown.ts";
import { baseline, used, type Pricer } from "../resource.ts";

/** Alarms on shorter periods are charged as high resolution. */
const STANDARD_PERIOD_SECONDS = 60;

/** An expression is charged by the metrics that it reads. */
const alarm: Pricer = (resource) => {
  const queries = (resource.value("metricQueries") ?? []) as { metric?: unknown }[];
  const metrics = Math.max(1, queries.filter((query) => isKnown(query) && query.metric !== undefined).length);
  const isFine = resource.number("period", STANDARD_PERIOD_SECONDS) < STANDARD_PERIOD_SECONDS;
  const about = metrics === 1 ? "alarm" : `alarm on ${metrics} metrics`;
  return [baseline(isFine ? "alarm-high-resolution" : "alarm", about, metrics)];
};

const logGroup: Pricer = (resource) => [
  used("logs-ingested", "logs taken in", resource.usage("logs.ingestedGb")),
  used("logs-stored", "logs kept", resource.usage("logs.storedGb")),
];

/** An account's first copy of the management events is free. */
const trail: Pricer = (resource) => [
  used(
    "trail-copies",
    "further copies of management events",
    resource.usage("cloudtrail.copiedEvents") / 1e5,
  ),
  used("trail-data", "data events", resource.usage("cloudtrail.dataEvents") / 1e5),
];

const secret: Pricer = (resource) => {
  const replicas = (resource.value("replicas") ?? []) as { region?: unknown }[];
  return [
    baseline("secret", "secret", 1),
    ...replicas.map(({ region }) => ({
      ...baseline("secret", `copy in ${String(region)}`, 1),
      region: String(region),
    })),
    used("secret-calls", "calls", resource.usage("secrets.calls") / 1e4),
  ];
};

const key: Pricer = (resource) => [
  baseline("kms-key", "key", 1),
  used("kms-requests", "requests", resource.usage("kms.requests") / 1e4),
];

const topic: Pricer = (resource) => [
  used("topic-requests", "messages", resource.usage("sns.requests") / 1e6),
  used("topic-emails", "e-mails", resource.usage("sns.emails") / 1e5),
];

const queue: Pricer = (resource) => {
  const kind = resource.isTrue("fifoQueue") ? "queue-requests-fifo" : "queue-requests";
  return [used(kind, "requests", resource.usage("sqs.requests") / 1e6)];
};

const parameter: Pricer = (resource) => {
  resource.only("tier", ["Standard"], "Standard");
  return [];
};

export const operation: Readonly<Record<string, Pricer>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/dashboard:Dashboard": () => [baseline("dashboard", "dashboard", 1)],
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": () => [baseline("custom-metric", "metric from logs", 1)],
  "aws:cloudtrail/trail:Trail": trail,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:kms/key:Key": key,
  "aws:kms/replicaKey:ReplicaKey": key,
  "aws:ssm/parameter:Parameter": parameter,
  "aws:sns/topic:Topic": topic,
  "aws:sqs/queue:Queue": queue,
  "aws:scheduler/schedule:Schedule": (resource) => [
    used("schedule-invocations", "invocations", resource.usage("scheduler.invocations") / 1e6),
  ],
};
