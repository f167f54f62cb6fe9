import {
  type Deployment,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Service,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { EnterprisePlatform } from "../lib/environment.ts";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";

const LIMIT_MS = 45 * 60_000;

/** What is to run. */
export interface Wanted {
  /** The full name of the image. Undefined: whichever runs, but started anew. */
  image: string | undefined;
  /** Only a deployment after this time counts as a restart. */
  since: Date;
}

/**
 * Has the service run what is wanted, and waits until every task of it does.
 *
 * @param deploy has the program bring the wanted image
 * @throws OperationError when ECS gave the deployment up or rolled it back
 */
export async function restartService(
  ecs: ECSClient,
  platform: EnterprisePlatform,
  { image, since }: Wanted,
  deploy: () => Promise<void>,
  patience: Patience,
): Promise<string> {
  const before = primaryOf(await describe(ecs, platform), platform);
  if (image === undefined) {
    // A deployment of an attempt whose answer was lost is as good.
    if ((before.createdAt ?? new Date(0)) < since)
      await ecs.send(
        new UpdateServiceCommand({
          cluster: platform.cluster,
          service: platform.service,
          forceNewDeployment: true,
        }),
      );
  } else if ((await imageOf(ecs, before.taskDefinition)) !== image) await deploy();
  const wanted = primaryOf(await describe(ecs, platform), platform);
  const runs = await imageOf(ecs, wanted.taskDefinition);
  if (image !== undefined && runs !== image)
    throw new OperationError(`ECS runs ${runs}, not ${image}: it has rolled the deployment back. ${ADVICE}`);
  return until(`every task runs ${shortName(wanted.taskDefinition)}`, LIMIT_MS, patience, async () =>
    settled(ecs, platform, wanted),
  );
}

const ADVICE =
  "Read the stopped tasks' reasons and the log (docs/runbooks/deployments.md), then resume or roll back.";

/** Undefined as long as the deployment goes on. */
async function settled(
  ecs: ECSClient,
  platform: EnterprisePlatform,
  wanted: Deployment,
): Promise<string | undefined> {
  const service = await describe(ecs, platform);
  const now = primaryOf(service, platform);
  if (now.id !== wanted.id)
    throw new OperationError(
      `Another deployment, of ${shortName(now.taskDefinition)}, took the place of ${shortName(wanted.taskDefinition)}: ` +
        `ECS rolled it back, or somebody else deploys. ${ADVICE}`,
    );
  if (now.rolloutState === "FAILED")
    throw new OperationError(
      `ECS gave the deployment of ${shortName(now.taskDefinition)} up: ${now.rolloutStateReason ?? "no reason given"}. ${ADVICE}`,
    );
  const { desiredCount = 0, runningCount = 0 } = service;
  if (now.rolloutState !== "COMPLETED" || service.deployments?.length !== 1 || runningCount < desiredCount)
    return undefined;
  if (desiredCount === 0)
    throw new OperationError(
      `The service ${platform.service} is scaled to no tasks: nothing runs. Scale it up, then resume.`,
    );
  return (await tasksRun(ecs, platform, now.taskDefinition))
    ? `${runningCount} tasks run ${shortName(now.taskDefinition)}`
    : undefined;
}

/** What the tasks themselves say, not what the service should run. */
async function tasksRun(
  ecs: ECSClient,
  { cluster, service }: EnterprisePlatform,
  definition: string | undefined,
): Promise<boolean> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName: service }));
  if (taskArns.length === 0) return false;
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks.every(
    ({ taskDefinitionArn, lastStatus }) => taskDefinitionArn === definition && lastStatus === "RUNNING",
  );
}

/** The image of the service's tasks at present. */
export async function runningImage(ecs: ECSClient, platform: EnterprisePlatform): Promise<string> {
  return imageOf(ecs, primaryOf(await describe(ecs, platform), platform).taskDefinition);
}

async function imageOf(ecs: ECSClient, taskDefinition: string | undefined): Promise<string> {
  const { taskDefinition: found } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return found?.containerDefinitions?.find(({ essential }) => essential)?.image ?? "";
}

async function describe(ecs: ECSClient, { cluster, service }: EnterprisePlatform): Promise<Service> {
  const { services: [found] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  if (!found) throw new OperationError(`ECS knows no service ${service}. Deploy the stack first.`);
  return found;
}

function primaryOf({ deployments = [] }: Service, { service }: EnterprisePlatform): Deployment {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  if (!primary) throw new OperationError(`The service ${service} has no deployment.`);
  return primary;
}

const shortName = (arn = ""): string => arn.split("/").at(-1) ?? arn;
