import type * as aws from "@pulumi/aws";
import { expect, at, properties, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

const isModern: Expectation = {
  must: "TLS_1_2 or newer",
  fix: "to TLS_1_2",
  holds: (value) => typeof value === "string" && /^(TLS_1_[23]|SecurityPolicy_TLS1[23])/.test(value),
};

export const domainTls: ResourceRule = {
  name: "apigateway-domain-tls",
  description: "Custom domains of APIs speak TLS 1.2 or newer.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_206", "AWS-0005"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
  checks: [
    check<aws.apigatewayv2.DomainNameArgs>("aws:apigatewayv2/domainName:DomainName", (domain) =>
      expect(
        at(domain.domainNameConfiguration, "securityPolicy"),
        "domainNameConfiguration.securityPolicy",
        isModern,
      ),
    ),
    properties<aws.apigateway.DomainNameArgs>("aws:apigateway/domainName:DomainName", {
      securityPolicy: isModern,
    }),
  ],
};
