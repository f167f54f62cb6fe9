import { Alarms } from "../components/alarms.ts";
import { given } from "./given.ts";

const { kmsKeyArn, accountId, region } = given;

const alarms = new Alarms("alarms", {
  kmsKeyArn,
  accountId,
  region,
  email: "on-call@example.com",
  definitions: [
    {
      name: "jobs-waiting",
      description: "A job has waited for ten minutes. Look whether the workers run.",
      runbook: "jobs#waiting",
      metric: {
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "jobs" },
        statistic: "Maximum",
        periodSeconds: 300,
      },
      threshold: 600,
      comparison: "above",
      evaluationPeriods: 1,
    },
  ],
});

export const { topicArn, dashboardUrl } = alarms;
