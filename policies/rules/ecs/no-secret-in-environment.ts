import { containerCheck } from "../../core/containers.ts";
import { secretsInEnvironment } from "../../core/environment.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { elements, isKnown, type Seen } from "../../core/unknown.ts";

export const noSecretInEnvironment: ResourceRule = {
  name: "ecs-no-secret-in-environment",
  description: "No secret stands in a container's plain environment.",
  severity: "critical",
  group: "secrets",
  references: ["FSBP ECS.8", "AwsSolutions-ECS2", "AWS-0036"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
  checks: containerCheck(({ environment }, path) => {
    const variables = elements(environment as { name?: Seen<string>; value?: unknown }[] | undefined);
    return secretsInEnvironment(
      variables
        .filter(isKnown)
        .map(({ name, value }) => [typeof name === "string" ? name : "(name not known yet)", value]),
      `${path}.environment`,
    );
  }),
};
