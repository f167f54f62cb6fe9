import type * as aws from "@pulumi/aws";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

export const clusterObserved: ResourceRule = {
  name: "ecs-container-insights",
  description: "Clusters report the metrics of their containers.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_65", "FSBP ECS.12", "AwsSolutions-ECS4", "AWS-0034"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html",
  checks: [
    check<aws.ecs.ClusterArgs>("aws:ecs/cluster:Cluster", ({ settings }) =>
      !isKnown(settings) ||
      elements(settings).some(
        (setting) =>
          !isKnown(setting) ||
          // One that is still unknown may be the one.
          !isKnown(setting.name) ||
          (setting.name === "containerInsights" &&
            (!isKnown(setting.value) || ["enabled", "enhanced"].includes(setting.value))),
      )
        ? []
        : [
            {
              property: "settings.containerInsights",
              is: "not enabled",
              must: "enabled or enhanced",
              fix: 'Set settings to [{ name: "containerInsights", value: "enabled" }].',
            },
          ],
    ),
  ],
};
