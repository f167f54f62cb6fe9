import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";
import type { EventDefinition } from "../event-definition.ts";

/** A trail that is silent for three hours has been stopped: every account has events. */
export function auditTrailAlarm(logGroupName: pulumi.Input<string>): AlarmDefinition {
  return {
    name: "audit-trail-stopped",
    description:
      "CloudTrail has written nothing for three hours. Start logging again and find out who stopped it in the event history.",
    runbook: "audit-trail#stopped",
    metric: {
      namespace: "AWS/Logs",
      metricName: "IncomingLogEvents",
      dimensions: { LogGroupName: logGroupName },
      statistic: "Sum",
      periodSeconds: 3600,
    },
    threshold: 1,
    comparison: "below",
    evaluationPeriods: 3,
    missingData: "breaching",
  };
}

/**
 * What CloudTrail writes last before it falls silent. Of any trail in the account: a call names its trail by name or by
 * ARN, as the caller likes.
 */
export function auditTrailEvent(): EventDefinition {
  return {
    name: "audit-trail-changed",
    description:
      "Somebody stops, deletes or changes a trail of this account. If it was no deployment that you know of, start logging again and treat the caller's credentials as stolen.",
    runbook: "audit-trail#changed",
    pattern: {
      source: ["aws.cloudtrail"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventSource: ["cloudtrail.amazonaws.com"],
        eventName: ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"],
      },
    },
    words: "$.detail.userIdentity.arn",
  };
}
