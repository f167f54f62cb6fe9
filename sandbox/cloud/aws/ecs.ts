import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import {
  between,
  check,
  count,
  integer,
  matches,
  must,
  needs,
  oneOf,
  parsed,
  select,
  when,
} from "./constraints.ts";
import { firstOf, kmsKey, naming, refersTo, role, securityGroup, subnet, usersOf } from "./references.ts";
import { amount, arn, byInput, known, lastPart, list, nested, text } from "./shapes.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** Fargate's memory (MiB) for each cpu: least, most and step. Source: ECS developer guide, task definition parameters. */
const FARGATE_MEMORY: Readonly<Record<string, readonly [number, number, number]>> = {
  "256": [512, 2048, 512],
  "512": [1024, 4096, 1024],
  "1024": [2048, 8192, 1024],
  "2048": [4096, 16384, 1024],
  "4096": [8192, 30720, 1024],
  "8192": [16384, 61440, 4096],
  "16384": [32768, 122880, 8192],
};

const NAME = {
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, hyphens and underscores",
  maxLength: 255,
};

export const ecs: Rules = {
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
  [TASK_DEFINITION]: {
    id: byInput("family"),
    defaults: { skipDestroy: false, trackLatest: false },
    computed: (ctx) => {
      const family = text(ctx.inputs, "family");
      const revision = nextRevision(ctx, family);
      const arnWithoutRevision = arn(ctx, "ecs", `task-definition/${family}`);
      return {
        arn: `${arnWithoutRevision}:${revision}`,
        arnWithoutRevision,
        enableFaultInjection: false,
        networkMode: "bridge",
        revision,
      };
    },
    replaceOn: [
      ...[
        "containerDefinitions",
        "cpu",
        "enableFaultInjection",
        "ephemeralStorage",
        "executionRoleArn",
        "family",
      ],
      ...["ipcMode", "memory", "networkMode", "pidMode", "placementConstraints", "proxyConfiguration"],
      ...["requiresCompatibilities", "runtimePlatform", "taskRoleArn", "volumes"],
    ],
    sets: ["requiresCompatibilities", "volumes"],
    writeOnly: ["skipDestroy", "trackLatest"],
    check: check(
      matches("family", /^[a-zA-Z0-9_-]{1,255}$/, "letters, digits, hyphens and underscores, at most 255"),
      oneOf("networkMode", "bridge", "host", "awsvpc", "none"),
      oneOf("requiresCompatibilities[]", "EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"),
      oneOf("runtimePlatform.cpuArchitecture", "X86_64", "ARM64"),
      matches(
        "runtimePlatform.operatingSystemFamily",
        /^(LINUX|WINDOWS_SERVER_\w+)$/,
        "LINUX or a WINDOWS_SERVER family",
      ),
      integer("ephemeralStorage.sizeInGib", 21, 200),
      must(
        "containerDefinitions",
        (value) => Array.isArray(parsed(value)),
        "a JSON list of container definitions",
      ),
      fargateSize,
      containers,
    ),
    admit: refersTo({ executionRoleArn: role, taskRoleArn: role }),
    onDelete: (ctx) => ctx.world.reserve(TASK_DEFINITION, lastPartOfArn(ctx), 36500),
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

function lastPartOfArn(ctx: Context): string {
  return (
    text(ctx.state ?? {}, "arn")
      .split("/")
      .at(-1) ?? ""
  );
}

/** Revisions only count up: those that were deregistered stay reserved. */
function nextRevision({ world }: Context, family: string): number {
  const taken = world
    .list(TASK_DEFINITION)
    .filter(({ inputs }) => inputs["family"] === family)
    .map(({ state }) => amount(state, "revision", 0));
  let revision = Math.max(0, ...taken) + 1;
  while (world.reservedUntil(TASK_DEFINITION, `${family}:${revision}`) !== undefined) revision += 1;
  return revision;
}

function fargateSize(inputs: Inputs): Problem[] {
  if (!list(inputs, "requiresCompatibilities").includes("FARGATE")) return [];
  const problems: Problem[] = [];
  if (
    inputs["networkMode"] === undefined ||
    (known(inputs["networkMode"]) && inputs["networkMode"] !== "awsvpc")
  )
    problems.push({ property: "networkMode", reason: "must be awsvpc for Fargate" });
  for (const property of ["cpu", "memory"])
    if (inputs[property] === undefined) problems.push({ property, reason: "is required for Fargate" });
  if (!known(inputs["cpu"])) return problems;
  const range = FARGATE_MEMORY[String(inputs["cpu"])];
  if (range === undefined)
    return [
      ...problems,
      {
        property: "cpu",
        reason: `expected one of ${Object.keys(FARGATE_MEMORY).join(", ")} for Fargate, got ${String(inputs["cpu"])}`,
      },
    ];
  const memory = Number(inputs["memory"]);
  const [least, most, step] = range;
  const small = String(inputs["cpu"]) === "256" && [512, 1024, 2048].includes(memory);
  const fits =
    String(inputs["cpu"]) === "256" ? small : memory >= least && memory <= most && memory % step === 0;
  if (known(inputs["memory"]) && !fits)
    problems.push({
      property: "memory",
      reason: `expected ${least} to ${most} MiB in steps of ${step} with cpu ${String(inputs["cpu"])}, got ${String(inputs["memory"])}`,
    });
  return problems;
}

function definitionsOf(inputs: Inputs): Inputs[] {
  const definitions = parsed(inputs["containerDefinitions"]);
  return Array.isArray(definitions) ? definitions.map(nested) : [];
}

function containers(inputs: Inputs): Problem[] {
  const definitions = definitionsOf(inputs);
  const names = definitions.map((definition) => text(definition, "name"));
  return definitions.flatMap((definition, index) => {
    const at = `containerDefinitions[${index}]`;
    const problems: Problem[] = [];
    if (!/^[a-zA-Z0-9_-]{1,255}$/.test(text(definition, "name")))
      problems.push({
        property: `${at}.name`,
        reason: `expected letters, digits, hyphens and underscores, got "${text(definition, "name")}"`,
      });
    if (names.indexOf(text(definition, "name")) !== index)
      problems.push({
        property: `${at}.name`,
        reason: `"${text(definition, "name")}" is used by two containers`,
      });
    if (text(definition, "image") === "") problems.push({ property: `${at}.image`, reason: "is required" });
    for (const { value } of select(definition, "dependsOn[].containerName"))
      if (!names.includes(String(value)))
        problems.push({
          property: `${at}.dependsOn`,
          reason: `names no container of this task: "${String(value)}"`,
        });
    return problems;
  });
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
