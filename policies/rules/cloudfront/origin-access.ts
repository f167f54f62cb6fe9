import type * as aws from "@pulumi/aws";
import { at, expect, isOneOf, isSet, properties } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

export const originAccess: ResourceRule = {
  name: "cloudfront-origin-access",
  description: "Distributions sign what they ask of buckets, so that nobody else need be let in.",
  severity: "high",
  group: "exposure",
  references: ["CKV2_AWS_46", "FSBP CloudFront.13", "AwsSolutions-CFR7"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
  checks: [
    check<aws.cloudfront.DistributionArgs>("aws:cloudfront/distribution:Distribution", ({ origins }) =>
      elements(origins).flatMap((origin, index) =>
        // Only a bucket has no configuration of its own.
        isKnown(origin) &&
        ["customOriginConfig", "vpcOriginConfig", "s3OriginConfig"].every(
          (key) => at(origin, key) === undefined,
        )
          ? expect(at(origin, "originAccessControlId"), `origins[${index}].originAccessControlId`, {
              ...isSet,
              must: "an origin access control",
              fix: "to the id of an aws.cloudfront.OriginAccessControl",
            })
          : [],
      ),
    ),
    properties<aws.cloudfront.OriginAccessControlArgs>(
      "aws:cloudfront/originAccessControl:OriginAccessControl",
      { signingBehavior: isOneOf("always"), signingProtocol: isOneOf("sigv4") },
    ),
  ],
};
