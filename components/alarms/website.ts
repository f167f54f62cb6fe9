import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";

/** The alarms of a CloudFront distribution, whose metrics exist in us-east-1 only. */
export function websiteAlarms(prefix: string, distributionId: pulumi.Input<string>): AlarmDefinition[] {
  const metric = (metricName: string) => ({
    namespace: "AWS/CloudFront",
    metricName,
    dimensions: { DistributionId: distributionId, Region: "Global" },
    statistic: "Average",
    periodSeconds: 300,
  });
  return [
    {
      name: `${prefix}-5xx-rate`,
      description:
        "More than 5 % of the website's answers are server errors. Check that the bucket and the key that encrypts it still admit the distribution.",
      metric: metric("5xxErrorRate"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-4xx-rate`,
      description:
        "More than half of the website's answers are client errors. After a deployment: are all files uploaded, index.html last? Else look for a scanner in the access logs.",
      metric: metric("4xxErrorRate"),
      threshold: 50,
      comparison: "above",
      evaluationPeriods: 3,
    },
  ];
}
