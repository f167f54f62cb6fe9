import type * as aws from "@pulumi/aws";
import { at, expect, isNotTrue } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const noPublicAddress: ResourceRule = {
  name: "ecs-no-public-address",
  description: "Tasks have no public address: the load balancer reaches them inside the VPC.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_333", "FSBP ECS.2"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
  checks: [
    check<aws.ecs.ServiceArgs>("aws:ecs/service:Service", (service) =>
      expect(
        at(service.networkConfiguration, "assignPublicIp"),
        "networkConfiguration.assignPublicIp",
        isNotTrue,
      ),
    ),
  ],
};
