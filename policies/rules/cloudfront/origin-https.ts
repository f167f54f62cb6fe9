import type * as aws from "@pulumi/aws";
import { isOneOf, expect, at, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

const isModern: Expectation = {
  must: '["TLSv1.2"]',
  holds: (value) =>
    Array.isArray(value) && value.every((version) => !isKnown(version as unknown) || version === "TLSv1.2"),
};

export const originHttps: ResourceRule = {
  name: "cloudfront-origin-https",
  description: "Distributions fetch from their origins over TLS 1.2 only.",
  severity: "high",
  group: "encryption",
  references: ["CKV2_AWS_72", "FSBP CloudFront.9", "FSBP CloudFront.10", "AwsSolutions-CFR5"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
  checks: [
    check<aws.cloudfront.DistributionArgs>("aws:cloudfront/distribution:Distribution", ({ origins }) =>
      elements(origins).flatMap((origin, index) => {
        const custom = at(origin, "customOriginConfig");
        if (!isKnown(custom) || custom === undefined) return [];
        const path = `origins[${index}].customOriginConfig`;
        return [
          ...expect(
            at(custom, "originProtocolPolicy"),
            `${path}.originProtocolPolicy`,
            isOneOf("https-only"),
          ),
          ...expect(at(custom, "originSslProtocols"), `${path}.originSslProtocols`, isModern),
        ];
      }),
    ),
  ],
};
