import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";

/** The log of the functions that look after the secrets says that somebody has to look. */
export function rotationAlarm(
  prefix: string,
  { namespace, name }: { namespace: string; name: string },
): AlarmDefinition {
  return {
    name: `${prefix}-attention`,
    description:
      "A function that looks after the secrets has failed or ran out of time, or a value that only a person can renew is due within 14 days. Read the functions' log: the error's text, or the line with DaysLeft, says which secret and what to do next.",
    runbook: "secrets#rotation-attention",
    metric: { namespace, metricName: name, dimensions: {}, statistic: "Sum", periodSeconds: 300 },
    threshold: 1,
    comparison: "aboveOrEqual",
    evaluationPeriods: 1,
  };
}

/** A call that nobody waited for has failed for good. */
export function deadLetterAlarm(prefix: string, queueName: pulumi.Input<string>): AlarmDefinition {
  return {
    name: `${prefix}-dead-letters`,
    description:
      "A call of the function that reminds of secrets has failed for good and waits in the dead-letter queue. Read the functions' log, mend the cause, call the function again, empty the queue.",
    runbook: "secrets#rotation-dead-letters",
    metric: {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      periodSeconds: 300,
    },
    threshold: 0,
    comparison: "above",
    evaluationPeriods: 1,
  };
}
