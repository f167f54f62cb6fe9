import type * as aws from "@pulumi/aws";
import { properties, type Expectation } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

const isNotEmpty: Expectation = {
  must: "a list of logs",
  fix: 'to ["postgresql", "upgrade"], or what the engine writes',
  holds: (value) => Array.isArray(value) && value.length > 0,
};

export const databaseLogged: ResourceRule = {
  name: "rds-logged",
  description: "Databases send their logs to CloudWatch.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_129", "FSBP RDS.9"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html",
  checks: [
    properties<aws.rds.InstanceArgs>("aws:rds/instance:Instance", {
      enabledCloudwatchLogsExports: isNotEmpty,
    }),
  ],
};
