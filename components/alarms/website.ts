import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarm-definition.ts";
import { CLOUDFRONT_REGION } from "../cloudfront-region.ts";

/** Requests in five minutes below which a share of refused ones says nothing. */
const MIN_REQUESTS = 100;

/** The alarms of a CloudFront distribution. */
export function websiteAlarms(prefix: string, distributionId: pulumi.Input<string>): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string) => ({
    namespace: "AWS/CloudFront",
    metricName,
    dimensions: { DistributionId: distributionId, Region: "Global" },
    statistic,
    periodSeconds: 300,
  });
  return [
    {
      name: `${prefix}-5xx-rate`,
      description:
        "More than 5 % of the website's answers have been server errors for 10 minutes. Look in its access log in us-east-1 whether the function that leads paths to the page fails, or S3 does; roll the function back, or see AWS's status page.",
      runbook: "website#5xx-rate",
      metric: metric("5xxErrorRate", "Average"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 2,
      region: CLOUDFRONT_REGION,
    },
    {
      name: `${prefix}-4xx-rate`,
      description:
        "More than half of the website's answers have been client errors for 15 minutes. After a deployment: check that all files are uploaded, index.html last. Else look in its access log in us-east-1: many 404 are a scanner's, many 403 the firewall's, or of a bucket or key that no longer admits the distribution.",
      runbook: "website#4xx-rate",
      metric: metric("4xxErrorRate", "Average"),
      math: {
        // A quiet site's few requests are mostly those of robots that ask for what is not there.
        expression: `IF(requests >= ${MIN_REQUESTS}, m, 0)`,
        label: "client errors, % of requests",
        others: { requests: metric("Requests", "Sum") },
      },
      threshold: 50,
      comparison: "above",
      evaluationPeriods: 3,
      region: CLOUDFRONT_REGION,
    },
  ];
}
