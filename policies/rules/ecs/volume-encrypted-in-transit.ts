import type * as aws from "@pulumi/aws";
import { at, expect, isOneOf } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

export const volumeEncryptedInTransit: ResourceRule = {
  name: "ecs-volume-encrypted-in-transit",
  description: "Tasks reach their EFS volumes over TLS.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_97", "AWS-0035"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html",
  checks: [
    check<aws.ecs.TaskDefinitionArgs>("aws:ecs/taskDefinition:TaskDefinition", ({ volumes }) =>
      elements(volumes).flatMap((volume, index) => {
        const efs = at(volume, "efsVolumeConfiguration");
        if (!isKnown(efs) || efs === undefined) return [];
        const path = `volumes[${index}].efsVolumeConfiguration.transitEncryption`;
        return expect(at(efs, "transitEncryption"), path, isOneOf("ENABLED"));
      }),
    ),
  ],
};
