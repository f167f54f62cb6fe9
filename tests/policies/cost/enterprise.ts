import type { Fixture } from "../harness.ts";
import { many, one, type Use } from "./priced.ts";

/** What differs between the worked sums of enterprise. */
export interface Sizes {
  database: string;
  architecture: "X86_64" | "ARM64";
  cache: "redis" | "valkey";
  /** Tasks at the least and at the most. */
  tasks: [min: number, max: number];
}

/** The stack of the worked sums: 50 GB of storage, light traffic. */
export function enterpriseStack({ database, architecture, cache, tasks: [min, max] }: Sizes): Fixture[] {
  return [
    one("database", "aws:rds/instance:Instance", {
      engine: "postgres",
      instanceClass: database,
      multiAz: true,
      storageType: "gp3",
      allocatedStorage: 50,
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
    }),
    one("proxy", "aws:rds/proxy:Proxy", { name: "proxy" }),
    one(
      "target",
      "aws:rds/proxyTarget:ProxyTarget",
      {},
      { dbProxyName: ["proxy"], dbInstanceIdentifier: ["database"] },
    ),
    one("task", "aws:ecs/taskDefinition:TaskDefinition", {
      cpu: "512",
      memory: "1024",
      runtimePlatform: { cpuArchitecture: architecture },
    }),
    one(
      "api",
      "aws:ecs/service:Service",
      { launchType: "FARGATE", desiredCount: min },
      { taskDefinition: ["task"] },
    ),
    one(
      "scaling",
      "aws:appautoscaling/target:Target",
      { minCapacity: min, maxCapacity: max },
      { resourceId: ["api"] },
    ),
    one("balancer", "aws:lb/loadBalancer:LoadBalancer", {
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-a", "subnet-b"],
    }),
    one("gateway", "aws:ec2/natGateway:NatGateway"),
    one("address", "aws:ec2/eip:Eip"),
    one("cache", "aws:elasticache/replicationGroup:ReplicationGroup", {
      engine: cache,
      nodeType: "cache.t4g.micro",
      numCacheClusters: 2,
    }),
    one("firewall", "aws:wafv2/webAcl:WebAcl", { rules: [{}, {}, {}, {}] }),
    ...many(4, "secret", "aws:secretsmanager/secret:Secret"),
    ...many(2, "key", "aws:kms/key:Key"),
    ...many(15, "alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", { period: 300 }),
    one("logs", "aws:cloudwatch/logGroup:LogGroup"),
    one("images", "aws:ecr/repository:Repository"),
    one("files", "aws:s3/bucket:Bucket"),
  ];
}

/** The sums' use. They do not say how the USD 0.81 of ECR, S3 and DNS are made up; these quantities come to it. */
export const enterpriseUse: Use = {
  "alb.capacityUnits": 0.5,
  "nat.processedGb": 10,
  "internet.egressGb": 20,
  "waf.requests": 1_000_000,
  "secrets.calls": 2500,
  "kms.requests": 5000,
  "logs.ingestedGb": 20,
  "logs.storedGb": 20,
  "route53.zones": 1,
  "route53.queries": 0,
  "ecr.storageGb": 1,
  "s3.storageGb": 9,
  "s3.writes": 200,
  "s3.reads": 5000,
  "rds.backupGb": 0,
  "cache.backupGb": 0,
  "xray.traces": 0,
};
