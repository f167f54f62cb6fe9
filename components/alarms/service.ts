import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";
import type { EventDefinition } from "../event-definition.ts";

/** How CloudWatch names a service and what stands before it. */
export interface ServiceDimensions {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  loadBalancerArnSuffix: pulumi.Input<string>;
  targetGroupArnSuffix: pulumi.Input<string>;
}

/** Requests in five minutes below which a share of failed ones says nothing. */
const MIN_REQUESTS = 100;

/** The alarms of a service on ECS, what users notice first. */
export function serviceAlarms(
  prefix: string,
  dimensions: ServiceDimensions,
  minTasks: number,
): AlarmDefinition[] {
  const metrics = metricsOf(dimensions);
  return [...answers(prefix, metrics), ...tasks(prefix, metrics, minTasks), ...load(prefix, metrics)];
}

function answers(prefix: string, { target }: Metrics): AlarmDefinition[] {
  return [
    {
      name: `${prefix}-5xx-rate`,
      description:
        "More than 5 % of the requests have been answered with server errors for 10 minutes. If it began with a deployment, roll back; else read the application's log for the first error and look at the database's and the cache's alarms.",
      runbook: "service#5xx-rate",
      metric: target("HTTPCode_Target_5XX_Count", "Sum"),
      math: {
        // No error is no data point, and no request leaves nothing to divide by.
        expression: `IF(requests >= ${MIN_REQUESTS}, 100 * FILL(m, 0) / requests, 0)`,
        label: "server errors, % of requests",
        others: { requests: target("RequestCount", "Sum") },
      },
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-5xx`,
      description:
        "The application answers with server errors, ten or more in each of two periods of five minutes. Read its log group and the traces of the failing requests; roll back if it began with a deployment.",
      runbook: "service#5xx",
      metric: target("HTTPCode_Target_5XX_Count", "Sum"),
      threshold: 10,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-latency`,
      description:
        "One request in a hundred has taken longer than three seconds for 15 minutes. Compare with the database's and the cache's latency before adding tasks.",
      runbook: "service#latency",
      metric: target("TargetResponseTime", "p99"),
      threshold: 3,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: `${prefix}-unhealthy-hosts`,
      description:
        "A task has failed its health check for 5 minutes and gets no requests. ECS replaces it; if it stays, read the task's log and call /api/health to see which dependency fails.",
      runbook: "service#unhealthy-hosts",
      metric: { ...target("UnHealthyHostCount", "Maximum"), periodSeconds: 60 },
      threshold: 1,
      comparison: "aboveOrEqual",
      evaluationPeriods: 5,
    },
  ];
}

function tasks(prefix: string, { insights }: Metrics, minTasks: number): AlarmDefinition[] {
  const each = (metricName: string, statistic: string) => ({
    ...insights(metricName, statistic),
    periodSeconds: 60,
  });
  return [
    {
      name: `${prefix}-running-tasks`,
      description: `Fewer tasks have run for 5 minutes than ECS wants, or than the minimum of ${minTasks}. Read the service's events and the stopped tasks' reasons: an image that cannot be pulled, a failing health check or a lack of Fargate capacity.`,
      runbook: "service#running-tasks",
      metric: each("RunningTaskCount", "Minimum"),
      math: {
        // A count that somebody has set to 0 by hand counts as the minimum.
        expression: `IF(desired < ${minTasks}, ${minTasks}, desired) - m`,
        label: "missing tasks",
        others: { desired: each("DesiredTaskCount", "Maximum") },
      },
      threshold: 0,
      comparison: "above",
      evaluationPeriods: 5,
      missingData: "breaching",
    },
  ];
}

function load(prefix: string, { ecs }: Metrics): AlarmDefinition[] {
  return [
    {
      name: `${prefix}-cpu`,
      description:
        "The service's tasks have used 80 % of their CPU or more for 10 minutes. Autoscaling should have added tasks: check whether it stands at its maximum, then raise maxTasks or cpu.",
      runbook: "service#cpu",
      metric: ecs("CPUUtilization", "Average"),
      threshold: 80,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
      missingData: "notBreaching",
    },
    {
      name: `${prefix}-memory`,
      description:
        "The service's tasks have used 85 % of their memory or more for 10 minutes and are killed when none is left. Look for a leak since the last deployment, else raise memoryMiB.",
      runbook: "service#memory",
      metric: ecs("MemoryUtilization", "Average"),
      threshold: 85,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
  ];
}

/** What ECS tells once, and no metric shows. */
export function serviceEvents(prefix: string, serviceArn: pulumi.Input<string>): EventDefinition[] {
  return [
    {
      name: `${prefix}-deployment-rolled-back`,
      description:
        "ECS has rolled a deployment back: its tasks did not become healthy or answered with server errors. The old version runs. Read the stopped tasks' reasons and logs, mend, then run pulumi up --refresh.",
      runbook: "deployments#rolled-back",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources: [serviceArn],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      words: "$.detail.reason",
    },
  ];
}

/**
 * The alarm that makes ECS roll a deployment back: faster and more tolerant than the one that wakes somebody, since
 * it judges only the minutes of the deployment.
 */
export function rollbackMetric(dimensions: Omit<ServiceDimensions, "clusterName" | "serviceName">): Metric {
  return {
    namespace: "AWS/ApplicationELB",
    metricName: "HTTPCode_Target_5XX_Count",
    dimensions: {
      LoadBalancer: dimensions.loadBalancerArnSuffix,
      TargetGroup: dimensions.targetGroupArnSuffix,
    },
    statistic: "Sum",
    periodSeconds: 60,
  };
}

type MetricOf = (metricName: string, statistic: string) => Metric;
type Metrics = Record<"ecs" | "insights" | "target", MetricOf>;

function metricsOf(dimensions: ServiceDimensions): Metrics {
  const service = { ClusterName: dimensions.clusterName, ServiceName: dimensions.serviceName };
  const behind = {
    LoadBalancer: dimensions.loadBalancerArnSuffix,
    TargetGroup: dimensions.targetGroupArnSuffix,
  };
  const of =
    (namespace: string, where: Metric["dimensions"]): MetricOf =>
    (metricName, statistic) => ({
      namespace,
      metricName,
      dimensions: where,
      statistic,
      periodSeconds: 300,
    });
  return {
    ecs: of("AWS/ECS", service),
    insights: of("ECS/ContainerInsights", service),
    target: of("AWS/ApplicationELB", behind),
  };
}
