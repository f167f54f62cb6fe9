import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";
import type { EventDefinition } from "../event-definition.ts";

/** A certificate of AWS Certificate Manager. */
export interface WatchedCertificate {
  arn: pulumi.Input<string>;
  region: string;
}

/** The alarm of a certificate. */
export function certificateAlarm(name: string, { arn, region }: WatchedCertificate): AlarmDefinition {
  return {
    name: `${name}-expiry`,
    description:
      "The TLS certificate expires within 30 days, so AWS has failed to renew it. Check that its validation record still stands in the hosted zone.",
    runbook: "certificates#expiry",
    metric: {
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: arn },
      statistic: "Minimum",
      periodSeconds: 86_400,
    },
    threshold: 30,
    comparison: "below",
    evaluationPeriods: 1,
    // AWS falls silent when the certificate has expired: that is no all-clear.
    missingData: "ignore",
    region,
  };
}

/**
 * What AWS tells of a certificate it cannot renew (ACM User Guide, "Amazon EventBridge support for ACM"). Not that one
 * approaches its expiry: AWS says so daily, of those as well that it is about to renew.
 */
export function certificateEvent(name: string, { arn, region }: WatchedCertificate): EventDefinition {
  return {
    name: `${name}-renewal`,
    description:
      "AWS cannot renew the TLS certificate without help, or it has expired or been revoked. Check that its validation record still stands in the hosted zone and that no CAA record forbids amazon.com.",
    runbook: "certificates#renewal",
    pattern: {
      source: ["aws.acm"],
      "detail-type": [
        "ACM Certificate Renewal Action Required",
        "ACM Certificate Expired",
        "ACM Certificate Revoked",
      ],
      resources: [arn],
    },
    words: "$.detail-type",
    region,
  };
}
