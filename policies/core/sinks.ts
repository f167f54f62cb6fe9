import { at } from "./expectations.ts";
import { pathTo } from "./unknown.ts";

/** Properties that anybody who may look at a resource can read, whatever its type. */
const EVERYWHERE = ["tags", "tagsAll", "description", "comment"];

/** More of them, by type. */
const SINKS: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions"],
  "macro-ai:components:TaskDefinition": ["containers"],
  "aws:lambda/function:Function": ["environment.variables"],
  "aws:lambda/invocation:Invocation": ["input", "triggers", "result"],
  "aws:ec2/instance:Instance": ["userData", "userDataBase64"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["userData"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["userData", "userDataBase64"],
  "aws:codebuild/project:Project": ["environment.environmentVariables"],
  "aws:apprunner/service:Service": ["sourceConfiguration"],
  "aws:batch/jobDefinition:JobDefinition": ["containerProperties"],
  "aws:apigatewayv2/stage:Stage": ["accessLogSettings", "stageVariables"],
  "aws:apigateway/stage:Stage": ["accessLogSettings", "variables"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardBody"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarmDescription"],
  "aws:cloudfront/function:Function": ["code"],
  "aws:budgets/budget:Budget": ["name"],
};

const STACK = "pulumi:pulumi:Stack";

/** Paths of a type's properties that are no place for a secret; the empty path is all of them. */
export function sinksOf(type: string): readonly string[] {
  if (type === STACK) return [""];
  return [...EVERYWHERE, ...(SINKS[type] ?? [])];
}

/** Every known text at these paths or below, with its own path. */
export function textsAt(
  properties: Record<string, unknown>,
  paths: readonly string[],
): { path: string; text: string }[] {
  return paths.flatMap((path) => texts(path === "" ? properties : at(properties, path), path));
}

function texts(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, pathTo(value, path, key)));
}
