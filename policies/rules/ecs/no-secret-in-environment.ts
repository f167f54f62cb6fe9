import type * as aws from "@pulumi/aws";
import { secretsInEnvironment } from "../../core/environment.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { containersOf } from "./containers.ts";

export const noSecretInEnvironment: ResourceRule = {
  name: "ecs-no-secret-in-environment",
  description: "No secret stands in a container's plain environment.",
  severity: "critical",
  references: ["FSBP ECS.8", "AwsSolutions-ECS2", "AWS-0036"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
  checks: [
    check<aws.ecs.TaskDefinitionArgs>("aws:ecs/taskDefinition:TaskDefinition", (task) =>
      containersOf(task.containerDefinitions).flatMap(({ environment }, index) =>
        secretsInEnvironment(
          (environment ?? []).map(({ name, value }) => [name ?? "", value]),
          `containerDefinitions[${index}].environment`,
        ),
      ),
    ),
  ],
};
