import type { Node } from "../../core/graph.ts";
import {
  baseline,
  known,
  numberOf,
  Unpriced,
  used,
  type Item,
  type Pricer,
  type Range,
  type Resource,
} from "../resource.ts";
import { HOURS_PER_MONTH } from "../prices.ts";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const TARGET = "aws:appautoscaling/target:Target";

/** The processors as the program and the table call them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: "x86", ARM64: "arm" };

const service: Pricer = (resource) => {
  resource.only("launchType", ["FARGATE"], undefined);
  const [definition] = resource.graph.targets(resource.node, "taskDefinition", TASK_DEFINITION);
  if (!definition)
    throw new Unpriced(
      "taskDefinition",
      "none of this stack",
      `an ${TASK_DEFINITION} of this stack, whose size can be priced`,
      "Define the task in the stack.",
    );
  const vcpus = numberOf(known(definition, "cpu"), `${definition.name}'s cpu`) / 1024;
  const gigabytes = numberOf(known(definition, "memory"), `${definition.name}'s memory`) / 1024;
  const architecture = architectureOf(definition);
  const disk = known(definition, "ephemeralStorage");
  if (disk !== undefined)
    throw new Unpriced(
      `${definition.name}'s ephemeralStorage`,
      "set",
      "left at the 20 GB that a task has for nothing",
      "Remove it, or add its price to policies/cost/prices.ts.",
    );
  const tasks = taskRange(resource);
  const hours = { min: tasks.min * HOURS_PER_MONTH, max: tasks.max * HOURS_PER_MONTH };
  const count = tasks.min === tasks.max ? `${tasks.min}` : `${tasks.min} to ${tasks.max}`;
  const times = (factor: number): Range => ({ min: hours.min * factor, max: hours.max * factor });
  const about = architecture === "arm" ? "Arm" : "x86";
  return [
    baseline(`fargate-${architecture}-vcpu`, `${count} tasks of ${vcpus} vCPU, ${about}`, times(vcpus)),
    baseline(
      `fargate-${architecture}-memory`,
      `${count} tasks of ${gigabytes} GB, ${about}`,
      times(gigabytes),
    ),
    used("traces", "traces", resource.usage("xray.traces") / 1e6),
  ];
};

function architectureOf(definition: Node): string {
  const platform = known(definition, "runtimePlatform") as { cpuArchitecture?: unknown } | undefined;
  const given = platform?.cpuArchitecture ?? "X86_64";
  const architecture = typeof given === "string" ? ARCHITECTURES[given] : undefined;
  if (architecture !== undefined) return architecture;
  throw new Unpriced(
    `${definition.name}'s runtimePlatform.cpuArchitecture`,
    typeof given === "string" ? given : "not known yet",
    `one of ${Object.keys(ARCHITECTURES).join(", ")}, which have prices`,
    "Set it to one of these.",
    typeof given === "string" ? "known" : "unknown",
  );
}

/** What autoscaling leaves room for, else what is asked for. */
function taskRange(resource: Resource): Range {
  const [target] = resource.graph.referring(resource.node, "resourceId", TARGET);
  if (!target) {
    const desired = resource.number("desiredCount", 1);
    return { min: desired, max: desired };
  }
  const bound = (property: string): number =>
    numberOf(known(target, property), `${target.name}'s ${property}`);
  return { min: bound("minCapacity"), max: bound("maxCapacity") };
}

const lambda: Pricer = (resource) => {
  resource.only("ephemeralStorage", [undefined], undefined);
  const gigabytes = resource.number("memorySize", 128) / 1024;
  const architectures = resource.value("architectures") as unknown[] | undefined;
  const architecture = architectures?.[0] === "arm64" ? "arm" : "x86";
  const calls = resource.usage("lambda.requests");
  const seconds = (calls * resource.usage("lambda.milliseconds")) / 1000;
  const tracing = resource.value("tracingConfig") as { mode?: unknown } | undefined;
  return [
    used("lambda-requests", "calls", calls / 1e6),
    used(
      `lambda-${architecture}`,
      `computing with ${gigabytes * 1024} MB, ${architecture === "arm" ? "Arm" : "x86"}`,
      seconds * gigabytes,
    ),
    ...(tracing?.mode === "Active" ? [used("traces", "traces", resource.usage("xray.traces") / 1e6)] : []),
  ];
};

const cluster: Pricer = (resource) => {
  const settings = (resource.value("settings") ?? []) as { name?: unknown; value?: unknown }[];
  const insights = settings.find(({ name }) => name === "containerInsights")?.value ?? "disabled";
  const level: Readonly<Record<string, string | undefined>> = {
    disabled: "",
    enabled: "custom-metric",
    enhanced: "container-insights-enhanced",
  };
  const price = typeof insights === "string" ? level[insights] : undefined;
  if (price === undefined)
    throw new Unpriced(
      "settings",
      "containerInsights with another value",
      `containerInsights ${Object.keys(level).join(", ")}`,
      "Set it to one of these.",
    );
  const metrics = resource.usage("containerInsights.metrics");
  return price === "" ? [] : [used(price, "metrics of Container Insights", metrics)];
};

/** Target tracking makes an alarm for the way up and one for the way down. */
const scaling: Pricer = (resource) => {
  const items: Item[] = [];
  if (resource.text("policyType", "StepScaling") === "TargetTrackingScaling")
    items.push(baseline("alarm", "alarms that AWS makes to scale", 2));
  return items;
};

const httpApi: Pricer = (resource) => {
  resource.only("protocolType", ["HTTP"], undefined);
  return [
    used("http-api", "requests", resource.usage("httpApi.requests") / 1e6),
    used("internet-egress", "answers to the internet", resource.usage("internet.egressGb")),
  ];
};

export const compute: Readonly<Record<string, Pricer>> = {
  "aws:ecs/service:Service": service,
  "aws:ecs/cluster:Cluster": cluster,
  "aws:appautoscaling/policy:Policy": scaling,
  "aws:lambda/function:Function": lambda,
  "aws:apigatewayv2/api:Api": httpApi,
};
