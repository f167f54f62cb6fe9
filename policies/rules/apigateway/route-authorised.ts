import type * as aws from "@pulumi/aws";
import { expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

export const routeAuthorised: ResourceRule = {
  name: "apigateway-route-authorised",
  description: "Routes ask callers who they are, but for those that are declared public.",
  severity: "high",
  group: "exposure",
  references: ["CKV_AWS_59", "CKV_AWS_309", "FSBP APIGateway.8", "AwsSolutions-APIG4"],
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
  settings: { publicRoutes: [] },
  checks: [
    check<aws.apigatewayv2.RouteArgs>("aws:apigatewayv2/route:Route", (route, _, { publicRoutes }) =>
      isKnown(route.routeKey) && (publicRoutes as readonly string[]).includes(route.routeKey)
        ? []
        : expect(route.authorizationType, "authorizationType", {
            must: "JWT, AWS_IAM or CUSTOM, or its routeKey among the setting publicRoutes",
            fix: "to JWT with an authorizerId",
            holds: (value) => ["JWT", "AWS_IAM", "CUSTOM"].includes(value as string),
          }),
    ),
    check<aws.apigateway.MethodArgs>("aws:apigateway/method:Method", (method) =>
      method.httpMethod === "OPTIONS"
        ? []
        : expect(method.authorization, "authorization", {
            must: "not NONE",
            fix: "to AWS_IAM, CUSTOM or COGNITO_USER_POOLS",
            holds: (value) => value !== "NONE" && value !== undefined,
          }),
    ),
  ],
};
