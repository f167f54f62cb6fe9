import * as pulumi from "@pulumi/pulumi";
import { Service } from "../components/service.ts";
import { given } from "./given.ts";

const { vpcId, privateSubnetIds, secretArn, kmsKeyArn, region, accountId } = given;
const logGroup = {
  name: "/ecs/orders",
  arn: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/ecs/orders`,
};

// Without an image a placeholder runs, which answers the health check.
const orders = new Service("orders", {
  label: "Orders",
  clusterArn: pulumi.interpolate`arn:aws:ecs:${region}:${accountId}:cluster/shop`,
  clusterName: "shop",
  vpcId,
  subnetIds: privateSubnetIds,
  listenerArn: pulumi.interpolate`arn:aws:elasticloadbalancing:${region}:${accountId}:listener/app/front/0123456789abcdef/0123456789abcdef`,
  loadBalancerArnSuffix: "app/front/0123456789abcdef",
  // Services share a listener: each claims its paths or hosts, the lowest priority first.
  route: { paths: ["/orders", "/orders/*"], priority: 20 },
  port: 3040,
  healthPath: "/health",
  cpu: 256,
  memoryMiB: 512,
  minTasks: 2,
  maxTasks: 6,
  environment: { NODE_ENV: "production" },
  secretArns: [secretArn],
  secretsKeyArn: kmsKeyArn,
  logGroup,
  repositoryArns: [],
  tracing: "xray",
  taskStatements: [],
  region,
  accountId,
});

export const { serviceName, taskRoleArn } = orders;
