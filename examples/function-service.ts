import * as pulumi from "@pulumi/pulumi";
import { FunctionService } from "../components/function-service.ts";
import { given } from "./given.ts";

const { secretArn, kmsKeyArn, region, accountId } = given;

// Without an image a placeholder runs, which answers the health check.
const orders = new FunctionService("orders", {
  label: "Orders",
  port: 3040,
  healthPath: "/health",
  memoryMiB: 512,
  timeoutSeconds: 20,
  throttle: { requestsPerSecond: 20, burst: 40 },
  environment: { NODE_ENV: "production" },
  secretArns: [secretArn],
  secretsKeyArn: kmsKeyArn,
  kmsKeyArn,
  logGroup: {
    name: "/shop/orders",
    arn: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/shop/orders`,
  },
  logRetentionDays: 30,
  tracing: "xray",
  taskStatements: [],
  region,
});

export const { url, functionName } = orders;
