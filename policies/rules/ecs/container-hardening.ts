import type * as aws from "@pulumi/aws";
import { containerCheck, TASK_DEFINITION } from "../../core/containers.ts";
import { expect, isNotTrue, isTrue, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

const isOwn: Expectation = {
  must: "task, or left out",
  fix: "to task, or leave it out",
  holds: (value) => value !== "host",
};

const isNotRoot: Expectation = {
  must: "no root user",
  fix: "to a user of the image with no power over it, for example 1000",
  holds: (value) => typeof value !== "string" || !/^(root|0)(:|$)/.test(value),
};

export const containerHardening: ResourceRule = {
  name: "ecs-container-hardening",
  description: "Containers have no privilege over their host and cannot write to their own image.",
  severity: "high",
  group: "exposure",
  references: [
    "CKV_AWS_334",
    "CKV_AWS_335",
    "CKV_AWS_336",
    "FSBP ECS.3",
    "FSBP ECS.4",
    "FSBP ECS.5",
    "FSBP ECS.20",
  ],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
  checks: [
    check<aws.ecs.TaskDefinitionArgs>(TASK_DEFINITION, (task) => [
      ...expect(task.pidMode, "pidMode", isOwn),
      ...expect(task.ipcMode, "ipcMode", isOwn),
    ]),
    ...containerCheck((container, path) => [
      ...expect(container.privileged, `${path}.privileged`, isNotTrue),
      ...expect(container.readonlyRootFilesystem, `${path}.readonlyRootFilesystem`, isTrue),
      ...expect(container.user, `${path}.user`, isNotRoot),
    ]),
  ],
};
