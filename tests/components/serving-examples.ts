import type { FirewallArgs } from "../../components/firewall.ts";
import type { FunctionServiceArgs } from "../../components/function-service.ts";
import type { LoadBalancerArgs } from "../../components/load-balancer.ts";
import type { RegistryArgs } from "../../components/registry.ts";
import type { ServiceArgs } from "../../components/service-args.ts";
import type { WebsiteArgs } from "../../components/website.ts";
import { accountId, kmsKeyArn, region } from "./examples.ts";

/** Good arguments for each component that serves requests; tests change one thing at a time. */

export const logGroup = {
  name: "/ecs/macro-ai-api",
  arn: `arn:aws:logs:${region}:${accountId}:log-group:/ecs/macro-ai-api`,
};

export const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:/macro-ai/production/api-keys-AbCdEf`;
export const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/macro-ai/express-api`;
export const certificateArn = `arn:aws:acm:${region}:${accountId}:certificate/0a1b2c3d-0000-4000-8000-000000000000`;
export const balancerArn = `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/app/balancer/0123456789abcdef`;

const application = {
  label: "API",
  port: 3040,
  healthPath: "/api/health",
  environment: { APP_ENV: "production" },
  secretArns: [secretArn],
  secretsKeyArn: kmsKeyArn,
  region,
  logGroup,
  tracing: "xray" as const,
  taskStatements: [
    {
      sid: "SignUsersIn",
      actions: ["cognito-idp:AdminGetUser"],
      resources: [`arn:aws:cognito-idp:${region}:${accountId}:userpool/us-east-1_Abc`],
    },
  ],
} satisfies Partial<ServiceArgs & FunctionServiceArgs>;

export const loadBalancer: LoadBalancerArgs = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-public-1", "subnet-public-2", "subnet-public-3"],
  certificateArn,
  deletionProtection: true,
  logRetentionDays: 180,
  accountId,
  region,
};

export const service: ServiceArgs = {
  ...application,
  accountId,
  clusterArn: `arn:aws:ecs:${region}:${accountId}:cluster/cluster`,
  clusterName: "cluster",
  vpcId: "vpc-1",
  subnetIds: ["subnet-private-1", "subnet-private-2", "subnet-private-3"],
  listenerArn: balancerArn.replace("loadbalancer/", "listener/") + "/0123456789abcdef",
  loadBalancerArnSuffix: "app/balancer/0123456789abcdef",
  route: { hostNames: ["api.macro-ai.com"], priority: 100 },
  image: `${accountId}.dkr.ecr.${region}.amazonaws.com/macro-ai/express-api:1.0.0`,
  cpu: 512,
  memoryMiB: 1024,
  minTasks: 2,
  maxTasks: 4,
  repositoryArns: [repositoryArn],
  sessions: {
    logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:cluster-sessions`,
    kmsKeyArn,
  },
};

export const functionService: FunctionServiceArgs = {
  ...application,
  kmsKeyArn,
  logRetentionDays: 30,
  memoryMiB: 512,
  timeoutSeconds: 29,
  domain: { name: "api.macro-ai.com", certificateArn },
};

export const website: WebsiteArgs = {
  aliases: ["app.macro-ai.com"],
  certificateArn,
  kmsKeyArn,
  connectSources: ["https://api.macro-ai.com"],
  logGroup: { name: "/ecs/macro-ai-ui", arn: logGroup.arn.replace("-api", "-ui") },
  logRetentionDays: 90,
  deletionProtection: true,
  accountId,
};

export const firewall: FirewallArgs = {
  scope: "REGIONAL",
  rateLimit: 2000,
  kmsKeyArn,
  logRetentionDays: 180,
  region,
};

export const registry: RegistryArgs = {
  repositories: ["macro-ai/express-api", "macro-ai/client-ui"],
  kmsKeyArn,
  accountId,
  region,
};
