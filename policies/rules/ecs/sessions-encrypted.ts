import type * as aws from "@pulumi/aws";
import { at, expect, isCustomerKey, isTrue, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

const PATH = "configuration.executeCommandConfiguration";

const isLogged: Expectation = {
  must: "OVERRIDE",
  fix: "to OVERRIDE with a logConfiguration",
  holds: (value) => value === "OVERRIDE",
};

export const sessionsEncrypted: ResourceRule = {
  name: "ecs-sessions-encrypted",
  description: "Shells in containers (ECS Exec) are encrypted with a customer-managed key, and logged.",
  severity: "medium",
  group: "encryption",
  references: ["CKV_AWS_223", "CKV_AWS_224"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  checks: [
    check<aws.ecs.ClusterArgs>("aws:ecs/cluster:Cluster", (cluster) => {
      const toBucket = at(cluster, `${PATH}.logConfiguration.s3BucketName`);
      return [
        ...expect(at(cluster, `${PATH}.kmsKeyId`), `${PATH}.kmsKeyId`, isCustomerKey),
        ...expect(at(cluster, `${PATH}.logging`), `${PATH}.logging`, isLogged),
        ...(isKnown(toBucket) ? [toBucket === undefined ? "cloudWatch" : "s3Bucket"] : []).flatMap((log) =>
          expect(
            at(cluster, `${PATH}.logConfiguration.${log}EncryptionEnabled`),
            `${PATH}.logConfiguration.${log}EncryptionEnabled`,
            isTrue,
          ),
        ),
      ];
    }),
  ],
};
