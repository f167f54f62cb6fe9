import type * as aws from "@pulumi/aws";
import { at, expect, isAtLeast, isSet } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const stageObserved: ResourceRule = {
  name: "apigateway-stage-observed",
  description: "APIs log who asked for what, and throttle who asks too much.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_76", "CKV_AWS_95", "FSBP APIGateway.9", "AwsSolutions-APIG1", "AWS-0001"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
  checks: [
    check<aws.apigatewayv2.StageArgs>(
      "aws:apigatewayv2/stage:Stage",
      ({ accessLogSettings, defaultRouteSettings }) => [
        ...expect(at(accessLogSettings, "destinationArn"), "accessLogSettings.destinationArn", {
          ...isSet,
          must: "a log group",
        }),
        ...expect(
          at(defaultRouteSettings, "throttlingRateLimit"),
          "defaultRouteSettings.throttlingRateLimit",
          isAtLeast(1),
        ),
      ],
    ),
  ],
};
