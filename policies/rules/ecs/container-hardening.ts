import type * as aws from "@pulumi/aws";
import { expect, isNotTrue, isTrue, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { containersOf } from "./containers.ts";

const isOwn: Expectation = {
  must: "task, or left out",
  fix: "to task, or leave it out",
  holds: (value) => value !== "host",
};

export const containerHardening: ResourceRule = {
  name: "ecs-container-hardening",
  description: "Containers have no privilege over their host and cannot write to their own image.",
  severity: "high",
  references: ["CKV_AWS_334", "CKV_AWS_335", "CKV_AWS_336", "FSBP ECS.3", "FSBP ECS.4", "FSBP ECS.5"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
  checks: [
    check<aws.ecs.TaskDefinitionArgs>("aws:ecs/taskDefinition:TaskDefinition", (task) => [
      ...expect(task.pidMode, "pidMode", isOwn),
      ...containersOf(task.containerDefinitions).flatMap((container, index) => {
        const path = `containerDefinitions[${index}]`;
        return [
          ...expect(container.privileged, `${path}.privileged`, isNotTrue),
          ...expect(container.readonlyRootFilesystem, `${path}.readonlyRootFilesystem`, isTrue),
        ];
      }),
    ]),
  ],
};
