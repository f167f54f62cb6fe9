import * as pulumi from "@pulumi/pulumi";
import { HttpApi } from "../components/http-api.ts";
import { given } from "./given.ts";

const { certificateArn, kmsKeyArn, region, accountId } = given;
const functionArn = pulumi.interpolate`arn:aws:lambda:${region}:${accountId}:function:orders`;

const api = new HttpApi("orders", {
  functionName: "orders",
  functionInvokeArn: pulumi.interpolate`arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  throttle: { requestsPerSecond: 20, burst: 40 },
  kmsKeyArn,
  logRetentionDays: 30,
  domain: { name: "orders.example.com", certificateArn },
});

export const { url } = api;
