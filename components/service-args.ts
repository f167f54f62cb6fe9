import type * as pulumi from "@pulumi/pulumi";
import { scalingProblems } from "./autoscaling.ts";
import { statementProblems } from "./policy-document.ts";
import { broken, throwProblems } from "./problems.ts";
import type { SharedDirectory } from "./shared-files.ts";
import { sizeProblems } from "./task-definition.ts";
import type { TaskRolesArgs } from "./task-roles.ts";

/** Which requests of a shared listener a service claims. */
export interface Route {
  /** @default - any host */
  hostNames?: string[];
  /** Patterns such as `/api/*`. @default - any path */
  paths?: string[];
  /** Unique on the listener, 1 to 50,000; the lowest match wins. */
  priority: number;
}

/** The arguments of a service on ECS. */
export interface ServiceArgs extends TaskRolesArgs {
  clusterArn: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out: NAT, or the interface endpoints that Fargate needs. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The HTTPS listener that several services can share. */
  listenerArn: pulumi.Input<string>;
  loadBalancerArnSuffix: pulumi.Input<string>;
  route: Route;
  /** By tag or digest, for ARM64. @default - a placeholder that answers the health check */
  image?: pulumi.Input<string>;
  /** Where the application listens: `3040`. */
  port: number;
  /** Answered with 200 by a healthy task: `/api/health`. */
  healthPath: string;
  /** vCPU units: 1024 are one vCPU. */
  cpu: number;
  memoryMiB: number;
  minTasks: number;
  maxTasks: number;
  /** Average CPU that autoscaling aims at. @default 60 */
  cpuTargetPercent?: number;
  /** Requests a minute per task that autoscaling aims at. @default 1000 */
  requestsPerTask?: number;
  /** How long a new task may fail its health check. @default 60 */
  healthCheckGraceSeconds?: number;
  /** Plain settings; secrets are read at run time by their ARNs. */
  environment: Record<string, pulumi.Input<string>>;
  /** A directory that all tasks share, and where they see it. @default - none: tasks keep nothing */
  sharedDirectory?: SharedDirectory & { path: string };
  /** What must stand before the first task starts: what prepares its database. @default - nothing */
  after?: pulumi.Resource[];
  /** Where the runbooks can be read, without a trailing slash. @default - their path in this repository */
  runbookUrl?: string;
}

/** AWS allows 32 characters for a target group, and Pulumi appends a hyphen and seven digits. */
const MAX_NAME_LENGTH = 24;

/** An application load balancer compares at most this many values in one rule. */
const MAX_CONDITION_VALUES = 5;

/**
 * Refuses bad arguments.
 *
 * @throws pulumi.InputPropertiesError with every problem
 */
export function checkService(name: string, args: ServiceArgs): void {
  const values = [...(args.route.hostNames ?? []), ...(args.route.paths ?? [])];
  const badVariables = Object.keys(args.environment).filter((variable) => !/^[A-Za-z_]\w*$/.test(variable));
  throwProblems("Service", name, [
    ...broken([
      {
        path: "name",
        holds: /^[a-zA-Z0-9-]+$/.test(name) && name.length <= MAX_NAME_LENGTH,
        message: `is "${name}" (${name.length} characters); AWS leaves room for ${MAX_NAME_LENGTH} letters, digits and hyphens`,
      },
      {
        path: "port",
        // Without capabilities a container cannot listen below 1024.
        holds: Number.isInteger(args.port) && args.port >= 1024 && args.port <= 65_535,
        message: `is ${args.port}; an unprivileged container can listen on 1024 to 65535`,
      },
      {
        path: "healthPath",
        holds: args.healthPath.startsWith("/"),
        message: `is "${args.healthPath}"; it must begin with a slash`,
      },
      {
        path: "route",
        holds: values.length >= 1 && values.length <= MAX_CONDITION_VALUES,
        message: `names ${values.length} hosts and paths; a rule needs at least one and allows ${MAX_CONDITION_VALUES}`,
      },
      {
        path: "route.priority",
        holds:
          Number.isInteger(args.route.priority) && args.route.priority >= 1 && args.route.priority <= 50_000,
        message: `is ${args.route.priority}; AWS allows 1 to 50000`,
      },
      {
        path: "environment",
        holds: badVariables.length === 0,
        message: `has names that no shell accepts: ${badVariables.join(", ")}; use letters, digits and _`,
      },
    ]),
    ...scalingProblems(args),
    ...sizeProblems(args.cpu, args.memoryMiB),
    ...statementProblems("taskStatements", args.taskStatements),
  ]);
}
