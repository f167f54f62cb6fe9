import { EventAlerts } from "../components/event-alerts.ts";
import { given } from "./given.ts";

new EventAlerts("events", {
  region: given.region,
  topicArns: { [given.region]: given.topicArn },
  definitions: [
    {
      name: "deployment-failed",
      description: "ECS has rolled a deployment back. Read the stopped tasks' reasons.",
      runbook: "deployments#rolled-back",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
    },
  ],
});
