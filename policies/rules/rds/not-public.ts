import type * as aws from "@pulumi/aws";
import { isNotTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const notPublic: ResourceRule = {
  name: "rds-not-public",
  description: "Databases have no public address.",
  severity: "critical",
  group: "exposure",
  references: ["CKV_AWS_17", "FSBP RDS.2"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
  checks: [
    properties<aws.rds.InstanceArgs>("aws:rds/instance:Instance", { publiclyAccessible: isNotTrue }),
    properties<aws.rds.ClusterInstanceArgs>("aws:rds/clusterInstance:ClusterInstance", {
      publiclyAccessible: isNotTrue,
    }),
  ],
};
