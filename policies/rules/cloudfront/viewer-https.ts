import type * as aws from "@pulumi/aws";
import { isOneOf, expect, at } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements } from "../../core/unknown.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const isHttps = isOneOf("redirect-to-https", "https-only");

export const viewerHttps: ResourceRule = {
  name: "cloudfront-viewer-https",
  description: "Distributions serve HTTPS only.",
  severity: "critical",
  group: "encryption",
  references: ["CKV_AWS_34", "FSBP CloudFront.3", "AWS-0012"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html",
  checks: [
    check<aws.cloudfront.DistributionArgs>(DISTRIBUTION, (distribution) => [
      ...expect(
        at(distribution, "defaultCacheBehavior.viewerProtocolPolicy"),
        "defaultCacheBehavior.viewerProtocolPolicy",
        isHttps,
      ),
      ...elements(distribution.orderedCacheBehaviors).flatMap((behavior, index) =>
        expect(
          at(behavior, "viewerProtocolPolicy"),
          `orderedCacheBehaviors[${index}].viewerProtocolPolicy`,
          isHttps,
        ),
      ),
    ]),
  ],
};
