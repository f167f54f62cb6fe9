import type { Context, Inputs, Rules } from "../rule.ts";
import { between, check, count, integer, needs, oneOf, select, when } from "./constraints.ts";
import { definitionsOf, ecsTaskDefinition } from "./ecs-task-definition.ts";
import { firstOf, kmsKey, naming, refersTo, securityGroup, subnet, usersOf } from "./references.ts";
import { arn, byInput, known, lastPart, list, nested, text } from "./shapes.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

const NAME = {
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, hyphens and underscores",
  maxLength: 255,
};

export const ecs: Rules = {
  ...ecsTaskDefinition,
  [CLUSTER]: {
    name: { ...NAME, property: "name", scope: "region", autoname: "hex" },
    id: (ctx) => arn(ctx, "ecs", `cluster/${text(ctx.inputs, "name")}`),
    computed: (ctx) => ({ arn: ctx.id, settings: [{ name: "containerInsights", value: "disabled" }] }),
    replaceOn: ["name"],
    sets: ["settings"],
    check: check(
      oneOf("settings[].name", "containerInsights"),
      oneOf("settings[].value", "enabled", "enhanced", "disabled"),
      oneOf("configuration.executeCommandConfiguration.logging", "NONE", "DEFAULT", "OVERRIDE"),
      when(
        (inputs) =>
          select(inputs, "configuration.executeCommandConfiguration.logging")[0]?.value === "OVERRIDE",
        needs("for logging OVERRIDE", "configuration.executeCommandConfiguration.logConfiguration"),
      ),
    ),
    admit: refersTo({ "configuration.executeCommandConfiguration.kmsKeyId": kmsKey }),
    guardDelete: (ctx) => {
      const users = usersOf(ctx.world, { [SERVICE]: ["cluster"] }, [ctx.id, ctx.inputs["name"]]);
      return users.length === 0
        ? undefined
        : `ClusterContainsServicesException: The Cluster cannot be deleted while Services are active: ${naming(users)}`;
    },
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    id: byInput("clusterName"),
    computed: () => ({}),
    replaceOn: ["clusterName"],
    sets: ["capacityProviders", "defaultCapacityProviderStrategies"],
    check: check(
      integer("defaultCapacityProviderStrategies[].base", 0, 100000),
      integer("defaultCapacityProviderStrategies[].weight", 0, 1000),
    ),
    admit: refersTo({ clusterName: cluster() }),
  },
  [SERVICE]: {
    name: { ...NAME, property: "name", scope: "none", autoname: "hex" },
    id: (ctx) => arn(ctx, "ecs", `service/${clusterOf(ctx.inputs)}/${text(ctx.inputs, "name")}`),
    defaults: {
      deploymentMaximumPercent: 200,
      deploymentMinimumHealthyPercent: 100,
      enableEcsManagedTags: false,
      enableExecuteCommand: false,
      schedulingStrategy: "REPLICA",
      waitForSteadyState: false,
    },
    computed: (ctx) => ({
      arn: ctx.id,
      availabilityZoneRebalancing: "ENABLED",
      cluster: arn(ctx, "ecs", "cluster/default"),
      deploymentConfiguration: { strategy: "ROLLING", bakeTimeInMinutes: "0" },
      iamRole: "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
      launchType: list(ctx.inputs, "capacityProviderStrategies").length > 0 ? "" : "EC2",
      platformVersion: text(ctx.inputs, "launchType") === "FARGATE" ? "LATEST" : "",
      triggers: {},
    }),
    replaceOn: ["cluster", "iamRole", "launchType", "name", "schedulingStrategy"],
    updateOn: ["forceNewDeployment"],
    writeOnly: ["waitForSteadyState", "forceNewDeployment", "forceDelete", "sigintRollback", "triggers"],
    sets: [
      "networkConfiguration.subnets",
      "networkConfiguration.securityGroups",
      "capacityProviderStrategies",
      "loadBalancers",
    ],
    check: check(
      oneOf("launchType", "EC2", "FARGATE", "EXTERNAL"),
      oneOf("schedulingStrategy", "REPLICA", "DAEMON"),
      oneOf("propagateTags", "SERVICE", "TASK_DEFINITION", "NONE"),
      oneOf("deploymentController.type", "ECS", "CODE_DEPLOY", "EXTERNAL"),
      oneOf("availabilityZoneRebalancing", "ENABLED", "DISABLED"),
      integer("desiredCount", 0, 5000),
      integer("healthCheckGracePeriodSeconds", 0, 2147483647),
      between("deploymentMaximumPercent", 100, 100000),
      between("deploymentMinimumHealthyPercent", 0, 100),
      count("networkConfiguration.subnets", 1, 16),
      count("networkConfiguration.securityGroups", 0, 5),
      count("loadBalancers", 0, 5),
      when(
        (inputs) => inputs["launchType"] === "FARGATE",
        needs("for Fargate", "networkConfiguration", "taskDefinition"),
      ),
      (inputs) =>
        known(inputs["launchType"]) && list(inputs, "capacityProviderStrategies").length > 0
          ? [
              {
                property: "launchType",
                reason: "conflicts with capacityProviderStrategies: give only one of them",
              },
            ]
          : [],
      (inputs) =>
        known(inputs["healthCheckGracePeriodSeconds"]) && inputs["loadBalancers"] === undefined
          ? [
              {
                property: "healthCheckGracePeriodSeconds",
                reason: "is only valid for a service with loadBalancers",
              },
            ]
          : [],
    ),
    admit: firstOf(
      refersTo({
        cluster: cluster(),
        taskDefinition: {
          types: [TASK_DEFINITION],
          by: ["arn", "arnWithoutRevision"],
          missing: (value) => `ClientException: TaskDefinition not found: ${lastPart(value)}`,
        },
        "networkConfiguration.subnets[]": subnet,
        "networkConfiguration.securityGroups[]": securityGroup,
      }),
      uniqueInCluster,
      admitLoadBalancers,
    ),
  },
};

function cluster() {
  return {
    types: [CLUSTER],
    by: ["name"],
    except: /^default$/,
    missing: (name: string) => `ClusterNotFoundException: Cluster not found: ${lastPart(name)}`,
  };
}

function clusterOf(inputs: Inputs): string {
  return lastPart(text(inputs, "cluster", "default"));
}

function uniqueInCluster({ inputs, world, id }: Context): string | undefined {
  return world
    .list(SERVICE)
    .some(
      (other) =>
        other.id !== id &&
        other.inputs["name"] === inputs["name"] &&
        clusterOf(other.inputs) === clusterOf(inputs),
    )
    ? "InvalidParameterException: Creation of service was not idempotent."
    : undefined;
}

/** ECS refuses a target group that no listener uses yet, and a container port that the task does not have. */
function admitLoadBalancers({ inputs, world }: Context): string | undefined {
  const definition = world.find(TASK_DEFINITION, "arn", inputs["taskDefinition"]);
  for (const item of list(inputs, "loadBalancers").map(nested)) {
    const group = item["targetGroupArn"];
    const listeners = usersOf(
      world,
      Object.fromEntries(
        ["lb", "alb"].flatMap((module) => [
          [
            `aws:${module}/listener:Listener`,
            ["defaultActions[].targetGroupArn", "defaultActions[].forward.targetGroups[].arn"],
          ],
          [
            `aws:${module}/listenerRule:ListenerRule`,
            ["actions[].targetGroupArn", "actions[].forward.targetGroups[].arn"],
          ],
        ]),
      ),
      [group],
    );
    if (typeof group === "string" && listeners.length === 0)
      return `InvalidParameterException: The target group with targetGroupArn ${group} does not have an associated load balancer.`;
    const container =
      definition && definitionsOf(definition.inputs).find(({ name }) => name === item["containerName"]);
    if (definition !== undefined && container === undefined)
      return `InvalidParameterException: The container ${String(item["containerName"])} does not exist in the task definition.`;
    const ports = list(container ?? {}, "portMappings").map((mapping) => nested(mapping)["containerPort"]);
    if (container !== undefined && known(item["containerPort"]) && !ports.includes(item["containerPort"]))
      return `InvalidParameterException: The container ${String(item["containerName"])} did not have a container port ${String(item["containerPort"])} defined.`;
  }
  return undefined;
}
