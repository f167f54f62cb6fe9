import { Autoscaling } from "../../components/autoscaling.ts";
import { Cluster } from "../../components/cluster.ts";
import { Domain } from "../../components/domain.ts";
import { Firewall } from "../../components/firewall.ts";
import { FunctionService } from "../../components/function-service.ts";
import { HttpApi } from "../../components/http-api.ts";
import { LoadBalancer } from "../../components/load-balancer.ts";
import { Registry } from "../../components/registry.ts";
import { Service } from "../../components/service.ts";
import { SharedFiles } from "../../components/shared-files.ts";
import { TaskDefinition, type TaskDefinitionArgs } from "../../components/task-definition.ts";
import { Website } from "../../components/website.ts";
import * as data from "./examples.ts";
import * as serving from "./serving-examples.ts";
import { without } from "./without.ts";
import { type BadArguments, periods, statements } from "./bad-arguments.ts";

const { kmsKeyArn, region } = data;
/** What serves requests. */
export const badServingArguments: Readonly<Record<string, BadArguments>> = {
  Autoscaling: {
    make: () =>
      new Autoscaling("api", {
        clusterName: "cluster",
        serviceName: "api",
        loadBalancerArnSuffix: "app/balancer/1",
        targetGroupArnSuffix: "targetgroup/api/1",
        minTasks: 0.5,
        maxTasks: 0,
        cpuTargetPercent: 100,
        requestsPerTask: 0,
      }),
    lines: [
      "minTasks is 0.5; give a whole number of tasks, at least 1",
      "maxTasks is 0; it must be a whole number and not below minTasks (0.5)",
      "cpuTargetPercent is 100; give more than 0 and less than 100, which would never be passed",
      "requestsPerTask is 0; give more than 0",
    ],
  },
  Cluster: {
    make: () => new Cluster("cluster", { kmsKeyArn, logRetentionDays: 8 }),
    lines: [`logRetentionDays is 8; ${periods}`],
  },
  Domain: {
    make: () => new Domain("domain", { domain: "Macro-AI.com.", hostedZoneId: "Z1", region }),
    lines: [
      'domain is "Macro-AI.com."; it must be a domain name in lower case of at most 63 characters without a trailing dot, for example macro-ai.com',
    ],
  },
  Firewall: {
    make: () =>
      new Firewall("firewall", {
        ...serving.firewall,
        rateLimit: 1,
        kmsKeyArn: kmsKeyArn.replace(region, "eu-west-1"),
        logRetentionDays: 8,
      }),
    lines: [
      "rateLimit is 1; WAF allows whole numbers from 10 to 2000000000",
      "kmsKeyArn is a key of another region; the firewall and its log lie in us-east-1: pass a key of that region or none",
      `logRetentionDays is 8; ${periods}`,
    ],
  },
  FunctionService: {
    make: () =>
      new FunctionService("api", {
        ...serving.functionService,
        memoryMiB: 64,
        timeoutSeconds: 30,
        reservedConcurrency: 0,
        healthPath: "api/health",
        logRetentionDays: 8,
        throttle: { requestsPerSecond: 0, burst: 0 },
        domain: { name: "https://api.macro-ai.com", certificateArn: serving.certificateArn },
        taskStatements: statements,
      }),
    lines: [
      "memoryMiB is 64; Lambda allows 128 to 10240",
      "timeoutSeconds is 30; allowed are 1 to 29, since the API gives up after 30 s",
      "reservedConcurrency is 0; give a whole number of at least 1 (0 would stop the function), or leave it out",
      'healthPath is "api/health"; it must begin with a slash',
      "throttle.requestsPerSecond is 0; give more than 0, or nobody gets through",
      "throttle.burst is 0; give a whole number of requests, at least 1",
      'domain.name is "https://api.macro-ai.com"; give a full name in lower case, like "api.macro-ai.com"',
      `logRetentionDays is 8; ${periods}`,
      'taskStatements[0].sid is "Read it"; IAM takes letters and digits only',
      "taskStatements[0].actions is empty; name at least one action, or leave the statement out",
      "taskStatements[0].resources is empty; name at least one ARN, or leave the statement out",
      'taskStatements[2].sid is "Write", as another\'s; each statement needs its own',
    ],
  },
  HttpApi: {
    make: () =>
      new HttpApi("api", {
        functionName: "api",
        functionInvokeArn: "arn",
        kmsKeyArn,
        logRetentionDays: 8,
        throttle: { requestsPerSecond: -1, burst: 1.5 },
        domain: { name: "API", certificateArn: serving.certificateArn },
      }),
    lines: [
      "throttle.requestsPerSecond is -1; give more than 0, or nobody gets through",
      "throttle.burst is 1.5; give a whole number of requests, at least 1",
      'domain.name is "API"; give a full name in lower case, like "api.macro-ai.com"',
      `logRetentionDays is 8; ${periods}`,
    ],
  },
  LoadBalancer: {
    make: () =>
      new LoadBalancer("internal-balancer-of-all-services", { ...serving.loadBalancer, logRetentionDays: 0 }),
    lines: [
      'name is "internal-balancer-of-all-services" (33 characters); AWS leaves room for 24, and it must not begin with internal-',
      "logRetentionDays is 0; give a whole number of days, at least 1",
    ],
  },
  Registry: {
    make: () =>
      new Registry("registry", {
        ...serving.registry,
        repositories: ["ok", "Macro-AI/api", "a//b"],
        keepImages: 0,
      }),
    lines: [
      'repositories[1] is "Macro-AI/api"; ECR allows lower-case letters, digits, and single . _ - / between them',
      'repositories[2] is "a//b"; ECR allows lower-case letters, digits, and single . _ - / between them',
      "keepImages is 0; give a whole number of images, at least 1",
    ],
  },
  Service: {
    make: () =>
      new Service("service-of-the-whole-company", {
        ...serving.service,
        minTasks: 3,
        maxTasks: 2,
        cpuTargetPercent: 0,
        requestsPerTask: -1,
        port: 80,
        healthPath: "api/health",
        route: { priority: 0 },
        environment: { "NOT-A-NAME": "1" },
        cpu: 300,
        taskStatements: statements,
      }),
    lines: [
      'name is "service-of-the-whole-company" (28 characters); AWS leaves room for 24 letters, digits and hyphens',
      "port is 80; an unprivileged container can listen on 1024 to 65535",
      'healthPath is "api/health"; it must begin with a slash',
      "route names 0 hosts and paths; a rule needs at least one and allows 5",
      "route.priority is 0; AWS allows 1 to 50000",
      "environment has names that no shell accepts: NOT-A-NAME; use letters, digits and _",
      "maxTasks is 2; it must be a whole number and not below minTasks (3)",
      "cpuTargetPercent is 0; give more than 0 and less than 100, which would never be passed",
      "requestsPerTask is -1; give more than 0",
      "cpu is 300; Fargate offers 256, 512, 1024, 2048, 4096, 8192, 16384 vCPU units (1024 are one vCPU)",
      'taskStatements[0].sid is "Read it"; IAM takes letters and digits only',
      "taskStatements[0].actions is empty; name at least one action, or leave the statement out",
      "taskStatements[0].resources is empty; name at least one ARN, or leave the statement out",
      'taskStatements[2].sid is "Write", as another\'s; each statement needs its own',
    ],
  },
  SharedFiles: {
    make: () => new SharedFiles("files", { vpcId: "vpc-1", subnetIds: [], kmsKeyArn, userId: 0 }),
    lines: [
      "subnetIds is empty; give one private subnet for each zone",
      "userId is 0; give 1 to 4294967295: 0 is root",
    ],
  },
  TaskDefinition: {
    make: () =>
      new TaskDefinition("api", {
        cpu: 512,
        memoryMiB: 1536,
        volumes: [{ name: "files" }],
        containers: [
          {
            name: "api",
            image: "node",
            essential: false,
            user: "1000:1000",
            environment: {},
            stopTimeoutSeconds: 60,
            scratch: [],
            mounts: [{ volume: "file", path: "/files" }],
            log: { groupName: "/ecs/api", region, streamPrefix: "api" },
          },
        ],
        roles: {} as TaskDefinitionArgs["roles"],
      }),
    lines: [
      "memoryMiB is 1536; with cpu 512 Fargate offers 1024 to 4096 in steps of 1024",
      "containers has no essential one; a task lives as long as its essential containers do",
      'containers[0].mounts[0].volume is "file", which is not among the volumes: files',
    ],
  },
  Website: {
    make: () =>
      new Website("website", { ...without(serving.website, "certificateArn"), logRetentionDays: 0 }),
    lines: [
      "certificateArn is left out, but app.macro-ai.com needs a certificate in us-east-1: pass the domain's",
      "logRetentionDays is 0; give a whole number of days, at least 1",
    ],
  },
};
