import type * as aws from "@pulumi/aws";
import { isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const highlyAvailable: ResourceRule = {
  name: "rds-multi-az",
  description: "Databases have a standby in another zone.",
  severity: "high",
  group: "resilience",
  references: ["CKV_AWS_157", "FSBP RDS.5", "AwsSolutions-RDS3"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html",
  checks: [properties<aws.rds.InstanceArgs>("aws:rds/instance:Instance", { multiAz: isTrue })],
};
