import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";

/** The alarms of a load balancer as a whole; those of the services behind it are in `service.ts`. */
export function loadBalancerAlarms(arnSuffix: pulumi.Output<string>): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string) => ({
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: arnSuffix },
    statistic,
    periodSeconds: 300,
  });
  return [
    {
      name: "load-balancer-5xx",
      description:
        "The load balancer itself answers with 5xx: no healthy target, or targets that close connections. Check the targets' health first, then that the server's keep-alive exceeds 60 s.",
      runbook: "load-balancer#5xx",
      metric: metric("HTTPCode_ELB_5XX_Count", "Sum"),
      threshold: 10,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: "load-balancer-rejected-connections",
      description:
        "The load balancer refuses connections because it has reached its limit. Look for an attack in the access logs; else ask AWS to raise the limit.",
      runbook: "load-balancer#rejected-connections",
      metric: metric("RejectedConnectionCount", "Sum"),
      threshold: 0,
      comparison: "above",
      evaluationPeriods: 1,
    },
    {
      name: "load-balancer-tls-errors",
      description:
        "Many clients fail to agree on TLS. Check the certificate's names and expiry; old clients without TLS 1.2 show up here as well.",
      runbook: "load-balancer#tls-errors",
      metric: metric("ClientTLSNegotiationErrorCount", "Sum"),
      threshold: 500,
      comparison: "above",
      evaluationPeriods: 3,
    },
  ];
}
