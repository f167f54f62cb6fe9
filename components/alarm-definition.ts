import type * as pulumi from "@pulumi/pulumi";

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

/**
 * One alarm as data. A component says which alarms its resources deserve; `Alarms` makes them, so that one place
 * decides where they go and how the dashboard shows them.
 */
export interface AlarmDefinition {
  /** Names the alarm below its component, in kebab case: `database-cpu`. */
  name: string;
  /** What has happened and what to do, for whoever is woken by it. */
  description: string;
  metric: Metric;
  threshold: pulumi.Input<number>;
  comparison: "above" | "aboveOrEqual" | "below" | "belowOrEqual";
  /** Consecutive periods. */
  evaluationPeriods: number;
  /** Periods out of `evaluationPeriods` that must breach. @default - all of them */
  datapointsToAlarm?: number;
  /** What silence means. @default "notBreaching" */
  missingData?: "notBreaching" | "breaching" | "ignore" | "missing";
}
