import type * as aws from "@pulumi/aws";
import { isOneOf, isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const instanceHardened: ResourceRule = {
  name: "ec2-instance-hardened",
  description:
    "Instances hand their role's credentials out only by IMDSv2, and their root volume is encrypted.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_79", "CKV_AWS_8", "FSBP EC2.8", "AWS-0028", "AWS-0131"],
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  checks: [
    properties<aws.ec2.InstanceArgs>("aws:ec2/instance:Instance", {
      "metadataOptions.httpTokens": isOneOf("required"),
      "rootBlockDevice.encrypted": isTrue,
    }),
  ],
};
