import { containerCheck } from "../../core/containers.ts";
import { at, expect, isSet } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const containerLogs: ResourceRule = {
  name: "ecs-container-logs",
  description: "Each container's output is kept.",
  severity: "medium",
  group: "resilience",
  references: ["FSBP ECS.9", "AwsSolutions-ECS7"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
  checks: containerCheck((container, path) =>
    expect(at(container, "logConfiguration.logDriver"), `${path}.logConfiguration.logDriver`, {
      ...isSet,
      must: "a log driver",
      fix: "to awslogs, with the group in its options",
    }),
  ),
};
