import type * as pulumi from "@pulumi/pulumi";
import type { EventDefinition } from "../event-definition.ts";

/**
 * A rotation that has not come to its end. Secrets Manager has no metric for it and tells it through CloudTrail, so that it
 * needs a trail in the account (Secrets Manager User Guide, "Secrets Manager events in CloudTrail").
 */
export function rotationFailed(prefix: string, secretArns: pulumi.Input<string>[]): EventDefinition {
  return {
    ...rotationEvent(secretArns, "RotationFailed", "RotationAbandoned", "TestRotationFailed"),
    name: `${prefix}-rotation-failed`,
    description:
      "The rotation of a secret has failed or was given up; the old value stays in force. Read the rotation function's log, or RDS's events for the master password, mend the cause and rotate again.",
    runbook: "secrets#rotation-failed",
  };
}

/** A rotation that has come to its end: whoever sees logins fail afterwards knows where to look. */
export function rotated(prefix: string, secretArns: pulumi.Input<string>[]): EventDefinition {
  return {
    ...rotationEvent(secretArns, "RotationSucceeded"),
    name: `${prefix}-rotated`,
    description:
      "A secret has been rotated: its new value is in force. Look whether logins fail within the next minutes; if they do, a reader has not read it again.",
    runbook: "secrets#rotated",
  };
}

function rotationEvent(
  secretArns: pulumi.Input<string>[],
  ...eventName: string[]
): Pick<EventDefinition, "pattern" | "words"> {
  return {
    pattern: {
      source: ["aws.secretsmanager"],
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: { eventName, additionalEventData: { SecretId: secretArns } },
    },
    words: "$.detail.additionalEventData.SecretId",
  };
}
