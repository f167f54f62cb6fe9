import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { rollbackMetric, serviceAlarms, serviceEvents } from "./alarms/service.ts";
import { Autoscaling } from "./autoscaling.ts";
import { aws } from "./aws.ts";
import type { ListeningPeer } from "./connection.ts";
import { runningRevision } from "./deployment-check.ts";
import type { EventDefinition } from "./event-definition.ts";
import { withRunbook } from "./runbook.ts";
import { securityGroup } from "./security-group.ts";
import { serviceContainers, serviceVolumes } from "./service-containers.ts";
import { checkService, type ServiceArgs } from "./service-args.ts";
import { TaskDefinition } from "./task-definition.ts";
import { taskRoles, type TaskRoles } from "./task-roles.ts";

/** Defaults that several parts of a service must agree on. */
const DEFAULTS = { cpuTargetPercent: 60, requestsPerTask: 1000, healthCheckGraceSeconds: 60 };

/**
 * A service on ECS Fargate (ARM64) behind a rule of a shared load balancer: autoscaled, traced, with a read-only root,
 * an unprivileged user and no privileges; deployed rolling, and rolled back by ECS when its tasks do not become healthy
 * or answer with server errors. A deployment that ECS rolls back fails the update.
 *
 * Costs per task USD 23.64 a month for each vCPU and 2.60 for each GiB; 0.50 a month for its alarms. A new
 * configuration starts new tasks before the old ones stop; a new cluster or subnet list of another VPC replaces the
 * service.
 */
export class Service extends pulumi.ComponentResource {
  public readonly serviceName: pulumi.Output<string>;
  /** As events about its deployments name it. */
  public readonly serviceArn: pulumi.Output<string>;
  public readonly targetGroupArn: pulumi.Output<string>;
  /** For policies elsewhere that must name who reads: a bucket's, a key's. */
  public readonly taskRoleName: pulumi.Output<string>;
  public readonly taskRoleArn: pulumi.Output<string>;
  public readonly executionRoleArn: pulumi.Output<string>;
  public readonly peer: ListeningPeer;

  readonly #args: ServiceArgs;
  readonly #name: string;
  readonly #targetGroupArnSuffix: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    checkService(name, args);
    super("macro-ai:components:Service", name, {}, opts);
    this.#args = args;
    this.#name = name;
    const group = this.createSecurityGroup();
    const targetGroup = this.createTargetGroup();
    const rule = this.createListenerRule(targetGroup);
    this.#targetGroupArnSuffix = targetGroup.arnSuffix;
    const roles = taskRoles(name, args, { parent: this });
    const definition = this.createTaskDefinition(roles);
    const service = this.createService(group, targetGroup, rule, definition);
    new Autoscaling(
      name,
      {
        ...args,
        cpuTargetPercent: args.cpuTargetPercent ?? DEFAULTS.cpuTargetPercent,
        requestsPerTask: args.requestsPerTask ?? DEFAULTS.requestsPerTask,
        serviceName: service.name,
        targetGroupArnSuffix: targetGroup.arnSuffix,
      },
      { parent: this },
    );
    this.serviceName = service.name;
    this.serviceArn = service.id;
    this.targetGroupArn = targetGroup.arn;
    this.taskRoleName = roles.task.name;
    this.taskRoleArn = roles.task.arn;
    this.executionRoleArn = roles.execution.arn;
    this.peer = { label: args.label, securityGroupId: group.id, port: args.port };
    this.registerOutputs({
      serviceName: this.serviceName,
      targetGroupArn: this.targetGroupArn,
      runningRevision: runningRevision({ ...args, service, expectedArn: definition.arn }),
    });
  }

  /** What deserves watching. */
  public alarms(): AlarmDefinition[] {
    return serviceAlarms(
      this.#name,
      {
        clusterName: this.#args.clusterName,
        serviceName: this.serviceName,
        loadBalancerArnSuffix: this.#args.loadBalancerArnSuffix,
        targetGroupArnSuffix: this.#targetGroupArnSuffix,
      },
      this.#args.minTasks,
    );
  }

  /** What deserves a message, although no metric shows it. */
  public events(): EventDefinition[] {
    return serviceEvents(this.#name, this.serviceArn);
  }

  /** Who may call the tasks and whom they may call is for connections to say; only the way out to HTTPS is here. */
  private createSecurityGroup(): awsTypes.ec2.SecurityGroup {
    const group = securityGroup(
      this.#name,
      { vpcId: this.#args.vpcId, description: `${this.#args.label}: its tasks` },
      { parent: this },
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${this.#name}-https`,
      {
        securityGroupId: group.id,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: `${this.#args.label} to internet: HTTPS to OpenAI, Cognito and the AWS APIs, whose addresses change`,
      },
      { parent: this },
    );
    return group;
  }

  /** Without a name of its own: a replacement must be able to stand beside the old one. */
  private createTargetGroup(): awsTypes.lb.TargetGroup {
    const { vpcId, port, healthPath } = this.#args;
    return new aws.lb.TargetGroup(
      this.#name,
      {
        vpcId,
        port,
        protocol: "HTTP",
        targetType: "ip",
        // Less than the containers' stop time-out: no request is left when they get SIGKILL.
        deregistrationDelay: 30,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        healthCheck: {
          path: healthPath,
          protocol: "HTTP",
          matcher: "200",
          interval: 30,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      },
      { parent: this },
    );
  }

  private createListenerRule(targetGroup: awsTypes.lb.TargetGroup): awsTypes.lb.ListenerRule {
    const { hostNames, paths, priority } = this.#args.route;
    return new aws.lb.ListenerRule(
      this.#name,
      {
        listenerArn: this.#args.listenerArn,
        priority,
        conditions: [
          ...(hostNames ? [{ hostHeader: { values: hostNames } }] : []),
          ...(paths ? [{ pathPattern: { values: paths } }] : []),
        ],
        actions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      },
      { parent: this },
    );
  }

  private createTaskDefinition(roles: TaskRoles): TaskDefinition {
    return new TaskDefinition(
      this.#name,
      {
        cpu: this.#args.cpu,
        memoryMiB: this.#args.memoryMiB,
        containers: serviceContainers(this.#name, this.#args),
        volumes: serviceVolumes(this.#args),
        roles,
      },
      { parent: this },
    );
  }

  private createService(
    group: awsTypes.ec2.SecurityGroup,
    targetGroup: awsTypes.lb.TargetGroup,
    rule: awsTypes.lb.ListenerRule,
    definition: TaskDefinition,
  ): awsTypes.ecs.Service {
    const args = this.#args;
    const alarm = this.createRollbackAlarm(targetGroup);
    return new aws.ecs.Service(
      this.#name,
      {
        cluster: args.clusterArn,
        taskDefinition: definition.arn,
        launchType: "FARGATE",
        platformVersion: "LATEST",
        // Only the first count: autoscaling owns it from then on.
        desiredCount: args.minTasks,
        networkConfiguration: {
          subnets: args.subnetIds,
          securityGroups: [group.id],
          assignPublicIp: false,
        },
        loadBalancers: [
          { targetGroupArn: targetGroup.arn, containerName: this.#name, containerPort: args.port },
        ],
        healthCheckGracePeriodSeconds: args.healthCheckGraceSeconds ?? DEFAULTS.healthCheckGraceSeconds,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { enable: true, rollback: true, alarmNames: [alarm.name] },
        availabilityZoneRebalancing: "ENABLED",
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        enableExecuteCommand: args.sessions !== undefined,
        // The provider follows this very deployment and fails when ECS rolls it back.
        waitForSteadyState: true,
      },
      // ECS refuses a target group that no listener uses yet.
      { parent: this, dependsOn: [rule, ...(args.after ?? [])], ignoreChanges: ["desiredCount"] },
    );
  }

  private createRollbackAlarm(targetGroup: awsTypes.lb.TargetGroup): awsTypes.cloudwatch.MetricAlarm {
    const metric = rollbackMetric({
      loadBalancerArnSuffix: this.#args.loadBalancerArnSuffix,
      targetGroupArnSuffix: targetGroup.arnSuffix,
    });
    return new aws.cloudwatch.MetricAlarm(
      `${this.#name}-rollback`,
      {
        alarmDescription: withRunbook(
          `${this.#args.label}: rolls a deployment back while its tasks answer with server errors. Tells nobody: the failed update does. Look at this alarm's history to see whether it ended a deployment.`,
          "deployments#rollback-alarm",
          this.#args.runbookUrl,
        ),
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: metric.dimensions,
        statistic: metric.statistic,
        period: metric.periodSeconds,
        threshold: 10,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        evaluationPeriods: 2,
        treatMissingData: "notBreaching",
      },
      { parent: this },
    );
  }
}
