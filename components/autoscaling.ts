import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Autoscaling}. */
export interface AutoscalingArgs {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  minTasks: number;
  maxTasks: number;
  /** Average CPU of the tasks to aim at, in percent. */
  cpuTargetPercent: number;
  /** Requests a minute for each task to aim at. */
  requestsPerTask: number;
  loadBalancerArnSuffix: pulumi.Input<string>;
  targetGroupArnSuffix: pulumi.Input<string>;
}

/** Scale out at once, scale in slowly: a service that is too small hurts more than one that is too large. */
const COOLDOWN = { scaleOutCooldown: 60, scaleInCooldown: 300 };

/**
 * Keeps the number of a service's tasks where CPU and requests per task meet their targets; the higher demand wins. The
 * policies are free, but AWS makes two alarms for each of them (USD 0.40 a month together). Limits and targets change
 * in place; another service replaces it.
 */
export class Autoscaling extends pulumi.ComponentResource {
  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: AutoscalingArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Autoscaling", name, scalingProblems(args));
    super("macro-ai:components:Autoscaling", name, {}, opts);
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
        minCapacity: args.minTasks,
        maxCapacity: args.maxTasks,
      },
      { parent: this },
    );
    const policies = {
      cpu: {
        targetValue: args.cpuTargetPercent,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
      requests: {
        targetValue: args.requestsPerTask,
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: pulumi.interpolate`${args.loadBalancerArnSuffix}/${args.targetGroupArnSuffix}`,
        },
      },
    };
    for (const [metric, configuration] of Object.entries(policies)) {
      new aws.appautoscaling.Policy(
        `${name}-${metric}`,
        {
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          scalableDimension: target.scalableDimension,
          resourceId: target.resourceId,
          targetTrackingScalingPolicyConfiguration: { ...configuration, ...COOLDOWN },
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/** What is wrong with the number of tasks and what it follows, if anything. */
export function scalingProblems(
  args: Pick<AutoscalingArgs, "minTasks" | "maxTasks"> &
    Partial<Pick<AutoscalingArgs, "cpuTargetPercent" | "requestsPerTask">>,
): Problem[] {
  const { minTasks, maxTasks, cpuTargetPercent: cpu, requestsPerTask: requests } = args;
  return broken([
    {
      path: "minTasks",
      holds: Number.isInteger(minTasks) && minTasks >= 1,
      message: `is ${minTasks}; give a whole number of tasks, at least 1`,
    },
    {
      path: "maxTasks",
      holds: Number.isInteger(maxTasks) && maxTasks >= minTasks,
      message: `is ${maxTasks}; it must be a whole number and not below minTasks (${minTasks})`,
    },
    {
      path: "cpuTargetPercent",
      holds: cpu === undefined || (cpu > 0 && cpu < 100),
      message: `is ${cpu ?? ""}; give more than 0 and less than 100, which would never be passed`,
    },
    {
      path: "requestsPerTask",
      holds: requests === undefined || requests > 0,
      message: `is ${requests ?? ""}; give more than 0`,
    },
  ]);
}
