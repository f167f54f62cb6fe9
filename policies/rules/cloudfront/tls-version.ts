import type * as aws from "@pulumi/aws";
import { expect, at, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

const isModern: Expectation = {
  must: "TLSv1.2_2019 or newer",
  fix: "to TLSv1.2_2021",
  holds: (value) => typeof value === "string" && /^TLSv1\.(2_(2019|20[2-9]\d)|3_)/.test(value),
};

export const tlsVersion: ResourceRule = {
  name: "cloudfront-tls-version",
  description: "Distributions with names of their own speak TLS 1.2 or newer.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_174", "FSBP CloudFront.7", "AwsSolutions-CFR4"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
  checks: [
    check<aws.cloudfront.DistributionArgs>(
      "aws:cloudfront/distribution:Distribution",
      ({ aliases, viewerCertificate }) =>
        // CloudFront's own name, the only one without aliases, takes no setting: AWS decides its versions.
        isKnown(aliases) && elements(aliases).length === 0
          ? []
          : expect(
              at(viewerCertificate, "minimumProtocolVersion"),
              "viewerCertificate.minimumProtocolVersion",
              isModern,
            ),
    ),
  ],
};
