import type * as aws from "@pulumi/aws";
import { isSet, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const distributionFirewall: ResourceRule = {
  name: "cloudfront-firewall",
  description: "Distributions stand behind AWS WAF.",
  severity: "medium",
  group: "exposure",
  references: ["CKV_AWS_68", "FSBP CloudFront.6", "AwsSolutions-CFR2", "AWS-0011"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html",
  checks: [
    properties<aws.cloudfront.DistributionArgs>("aws:cloudfront/distribution:Distribution", {
      webAclId: { ...isSet, must: "a web ACL", fix: "to the ARN of an aws.wafv2.WebAcl of scope CLOUDFRONT" },
    }),
  ],
};
