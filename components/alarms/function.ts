import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";

/** How CloudWatch names a function and what stands before and behind it. */
export interface FunctionDimensions {
  functionName: pulumi.Input<string>;
  apiId: pulumi.Input<string>;
  deadLetterQueueName: pulumi.Input<string>;
}

/** The alarms of a service on Lambda. */
export function functionAlarms(
  prefix: string,
  dimensions: FunctionDimensions,
  timeoutSeconds: number,
): AlarmDefinition[] {
  const lambda = metricsOf("AWS/Lambda", { FunctionName: dimensions.functionName });
  const api = metricsOf("AWS/ApiGateway", { ApiId: dimensions.apiId });
  const queue = metricsOf("AWS/SQS", { QueueName: dimensions.deadLetterQueueName });
  return [
    {
      name: `${prefix}-errors`,
      description:
        "The function has ended in errors, ten or more in each of two periods of five minutes: it throws, runs out of memory or out of time. Read its log group around the time of the alarm; roll back if it began with a deployment.",
      runbook: "function#errors",
      metric: lambda("Errors", "Sum"),
      threshold: 10,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-throttles`,
      description:
        "Lambda turns requests away: the function's reserved concurrency or the account's limit is used up. Look for an attack in the API's access log, else raise the reservation.",
      runbook: "function#throttles",
      metric: lambda("Throttles", "Sum"),
      threshold: 5,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-duration`,
      description:
        "One request in twenty has taken most of the time that the function has, for 15 minutes. Compare with the database's latency; more memory also brings more CPU.",
      runbook: "function#duration",
      metric: lambda("Duration", "p95"),
      threshold: timeoutSeconds * 1000 * 0.8,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: `${prefix}-5xx`,
      description:
        "The API has answered with server errors, ten or more in each of two periods of five minutes. Look in its access log for the path and the integration's error, in the function's log for the reason; roll back if it began with a deployment.",
      runbook: "function#5xx",
      metric: api("5xx", "Sum"),
      threshold: 10,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-dead-letters`,
      description:
        "An asynchronous call of the function has failed for good and waits in the dead-letter queue. Read the message, mend the cause, send it again.",
      runbook: "function#dead-letters",
      metric: queue("ApproximateNumberOfMessagesVisible", "Maximum"),
      threshold: 0,
      comparison: "above",
      evaluationPeriods: 1,
    },
  ];
}

function metricsOf(namespace: string, dimensions: Metric["dimensions"]) {
  return (metricName: string, statistic: string): Metric => ({
    namespace,
    metricName,
    dimensions,
    statistic,
    periodSeconds: 300,
  });
}
