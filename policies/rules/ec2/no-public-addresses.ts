import type * as aws from "@pulumi/aws";
import { isNotTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const noPublicAddresses: ResourceRule = {
  name: "ec2-no-public-addresses",
  description: "Nothing gets a public address by being started in a subnet.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_130", "CKV_AWS_88", "FSBP EC2.15", "FSBP EC2.9", "AWS-0164"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
  checks: [
    properties<aws.ec2.SubnetArgs>("aws:ec2/subnet:Subnet", {
      mapPublicIpOnLaunch: isNotTrue,
      assignIpv6AddressOnCreation: isNotTrue,
    }),
    properties<aws.ec2.InstanceArgs>("aws:ec2/instance:Instance", { associatePublicIpAddress: isNotTrue }),
  ],
};
