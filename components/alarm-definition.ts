import type * as pulumi from "@pulumi/pulumi";
import type { Runbook } from "./runbook.ts";

/** One CloudWatch metric, as the AWS documentation of its service names it. */
export interface Metric {
  /** For example `AWS/RDS`. */
  namespace: string;
  metricName: string;
  dimensions: Record<string, pulumi.Input<string>>;
  /** `Average`, `Sum`, `Maximum`, `Minimum` or a percentile such as `p99`. */
  statistic: string;
  /** Seconds: 60, or a multiple of it. */
  periodSeconds: number;
}

/** What an alarm makes of its metric before it compares it with the threshold. */
export interface MetricMath {
  /** CloudWatch's metric math; `m` is the alarm's metric, the others go by their names: `100 * m / requests`. */
  expression: string;
  /** What comes out, with its unit: "5xx answers, % of requests". */
  label: string;
  /** By the name they have in the expression: a lower-case letter, then letters and digits. @default - none */
  others?: Record<string, Metric>;
}

/**
 * One alarm as data. A component says which alarms its resources deserve; `Alarms` makes them, so that one place
 * decides where they go and how the dashboard shows them.
 */
export interface AlarmDefinition {
  /** Names the alarm below its component, in kebab case: `database-cpu`. */
  name: string;
  /** What has happened and what to do, for whoever is woken by it. */
  description: string;
  /** The heading that tells more. */
  runbook: Runbook;
  metric: Metric;
  /** @default - the metric as it is */
  math?: MetricMath;
  threshold: pulumi.Input<number>;
  comparison: "above" | "aboveOrEqual" | "below" | "belowOrEqual";
  /** Consecutive periods. */
  evaluationPeriods: number;
  /** Periods out of `evaluationPeriods` that must breach. @default - all of them */
  datapointsToAlarm?: number;
  /**
   * What silence means: nothing happened (a count of errors), something is wrong (a heartbeat), nobody knows (a gauge: the
   * alarm shows it and writes to nobody), or as before. @default "notBreaching"
   */
  missingData?: "notBreaching" | "breaching" | "missing" | "ignore";
  /** Where AWS publishes the metric. @default - the stack's region */
  region?: string;
}
