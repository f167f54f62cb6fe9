import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";
import type { EventDefinition, EventPattern } from "../event-definition.ts";

/** How CloudWatch names a service and what stands before it. */
export interface ServiceDimensions {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  loadBalancerArnSuffix: pulumi.Input<string>;
  targetGroupArnSuffix: pulumi.Input<string>;
}

/** The alarms of a service on ECS. */
export function serviceAlarms(
  prefix: string,
  dimensions: ServiceDimensions,
  minTasks: number,
): AlarmDefinition[] {
  const { ecs, insights, target } = metrics(dimensions);
  return [
    {
      name: `${prefix}-cpu`,
      description:
        "The service's tasks are short of CPU. Autoscaling should have added tasks: check whether it stands at its maximum, then raise the maximum or the tasks' CPU.",
      metric: ecs("CPUUtilization", "Average"),
      threshold: 80,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
      missingData: "notBreaching",
    },
    {
      name: `${prefix}-memory`,
      description:
        "The service's tasks are short of memory and will be killed when none is left. Look for a leak since the last deployment, else raise the tasks' memory.",
      metric: ecs("MemoryUtilization", "Average"),
      threshold: 85,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-running-tasks`,
      description:
        "Fewer tasks run than the service's minimum. Read the service's events and the stopped tasks' reasons: an image that cannot be pulled, a failing health check or a lack of Fargate capacity.",
      metric: { ...insights("RunningTaskCount", "Minimum"), periodSeconds: 60 },
      threshold: minTasks,
      comparison: "below",
      evaluationPeriods: 5,
      missingData: "breaching",
    },
    {
      name: `${prefix}-5xx`,
      description:
        "The application answers with server errors. Read its log group and the traces of the failing requests; roll back if it began with a deployment.",
      metric: target("HTTPCode_Target_5XX_Count", "Sum"),
      threshold: 10,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
    },
    {
      name: `${prefix}-latency`,
      description:
        "One request in a hundred takes longer than three seconds. Compare with the database's and the cache's latency before adding tasks.",
      metric: target("TargetResponseTime", "p99"),
      threshold: 3,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: `${prefix}-unhealthy-hosts`,
      description:
        "A task fails its health check and gets no requests. ECS replaces it; if it stays, read the task's log and call /api/health to see which dependency fails.",
      metric: { ...target("UnHealthyHostCount", "Maximum"), periodSeconds: 60 },
      threshold: 1,
      comparison: "aboveOrEqual",
      evaluationPeriods: 5,
    },
  ];
}

/** What ECS tells once, and no metric shows. */
export function serviceEvents(prefix: string, serviceArn: pulumi.Input<string>): EventDefinition[] {
  const pattern: EventPattern & { resources: pulumi.Input<string>[] } = {
    source: ["aws.ecs"],
    "detail-type": ["ECS Deployment State Change"],
    resources: [serviceArn],
    detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
  };
  return [
    {
      name: `${prefix}-deployment-rolled-back`,
      description:
        "ECS has rolled a deployment back: its tasks did not become healthy or answered with server errors. The old version runs. Read the stopped tasks' reasons and logs, mend, then run pulumi up --refresh.",
      pattern,
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

function metrics(dimensions: ServiceDimensions) {
  const service = { ClusterName: dimensions.clusterName, ServiceName: dimensions.serviceName };
  const behind = {
    LoadBalancer: dimensions.loadBalancerArnSuffix,
    TargetGroup: dimensions.targetGroupArnSuffix,
  };
  const of =
    (namespace: string, where: Metric["dimensions"]) =>
    (metricName: string, statistic: string): Metric => ({
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
