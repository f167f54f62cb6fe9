import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { check, integer, matches, must, oneOf, parsed, select } from "./constraints.ts";
import { refersTo, role } from "./references.ts";
import { amount, arn, known, list, nested, text } from "./shapes.ts";

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

export const ecsTaskDefinition: Rules = {
  [TASK_DEFINITION]: {
    // pulumi-aws gives the family alone; the revision keeps the old one apart until a replacement has deleted it.
    id: (ctx) => {
      const family = text(ctx.inputs, "family");
      return arn(ctx, "ecs", `task-definition/${family}:${nextRevision(ctx, family)}`);
    },
    defaults: { skipDestroy: false, trackLatest: false },
    computed: (ctx) => {
      const [, arnWithoutRevision = "", revision = ""] = /^(.*):(\d+)$/.exec(ctx.id) ?? [];
      return {
        arn: ctx.id,
        arnWithoutRevision,
        enableFaultInjection: false,
        networkMode: "bridge",
        revision: Number(revision),
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
    onDelete: (ctx) => ctx.world.reserve(TASK_DEFINITION, ctx.id.split("/").at(-1) ?? "", 36500),
  },
};

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

/** The container definitions, parsed. */
export function definitionsOf(inputs: Inputs): Inputs[] {
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
