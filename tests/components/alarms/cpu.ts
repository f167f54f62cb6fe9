import type { AlarmDefinition } from "../../../components/alarm-definition.ts";

/** An alarm of a plain statistic; tests change one thing at a time. */
export const cpu: AlarmDefinition = {
  name: "database-cpu",
  description: "The database is busy. Look for slow queries.",
  runbook: "database-alarms#cpu",
  metric: {
    namespace: "AWS/RDS",
    metricName: "CPUUtilization",
    dimensions: { DBInstanceIdentifier: "database-1" },
    statistic: "Average",
    periodSeconds: 300,
  },
  threshold: 80,
  comparison: "above",
  evaluationPeriods: 3,
};
