import { type CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  type ContainerDefinition,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { type EnterprisePlatform, type Environment, imageReference } from "../lib/environment.ts";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";
import type { DatabasePort } from "./port.ts";
import { type Answer, answerIn, type Request } from "./protocol.ts";

/** The program in the image that answers; see docs/runbooks/migrations.md. */
export const TASK_COMMAND = ["node", "migrate-task.mjs"];

const LIMITS_MS = { task: 2 * 60 * 60_000, log: 60_000 };

/** Whose image and network the task has. */
export interface OneOffOptions {
  ecs: ECSClient;
  logs: CloudWatchLogsClient;
  environment: Environment;
  platform: EnterprisePlatform;
  /** Whose migrations. @default - the image that runs */
  image?: string | undefined;
  /** Marks the tasks of this run, so that another process finds them. At most 36 letters, digits, - and _. */
  run: string;
  patience: Patience;
}

/**
 * Asks the database by a task of the service's own definition - its image, roles, network and secrets - with another command and
 * nothing else changed. So the program needs no resource for it, and the migrations are those of the code that will run. ECS
 * cannot run another image than a definition's, hence a definition of its own, which is taken away afterwards.
 */
export function oneOff(options: OneOffOptions): DatabasePort {
  return {
    perform: async (asked) => {
      const task = (await findRunning(options, asked)) ?? (await start(options, asked));
      return finish(options, await ended(options, task));
    },
  };
}

const startedBy = (run: string, { phase }: Request): string => `migrate-${run}-${phase}`;

/** A task that a process started which is no more. */
async function findRunning(options: OneOffOptions, asked: Request): Promise<string | undefined> {
  const { ecs, platform, run, patience } = options;
  const { taskArns = [] } = await ecs.send(
    new ListTasksCommand({ cluster: platform.cluster, startedBy: startedBy(run, asked) }),
  );
  if (taskArns[0] !== undefined) patience.say(`a task of this run is at it already: ${nameOf(taskArns[0])}`);
  return taskArns[0];
}

async function start(options: OneOffOptions, asked: Request): Promise<string> {
  const { ecs, platform, run, patience } = options;
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: platform.cluster, services: [platform.service] }),
  );
  if (service?.taskDefinition === undefined || service.networkConfiguration === undefined)
    throw new OperationError(`ECS knows no service ${platform.service}. Deploy the stack first.`);
  const definition = await register(options, service.taskDefinition, asked);
  const { tasks: [task] = [], failures: [failure] = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: platform.cluster,
      taskDefinition: definition,
      launchType: "FARGATE",
      networkConfiguration: service.networkConfiguration,
      startedBy: startedBy(run, asked),
      tags: [{ key: "macro-ai:migration", value: run }],
    }),
  );
  if (task?.taskArn === undefined)
    throw new OperationError(
      `ECS did not start the task: ${failure?.reason ?? "no reason given"}. Resume later.`,
    );
  patience.say(`task ${nameOf(task.taskArn)} (${asked.phase})`);
  return task.taskArn;
}

/** A copy of the service's definition with the wanted image, another command, and no container beside it. */
async function register(options: OneOffOptions, original: string, asked: Request): Promise<string> {
  const { ecs, environment, image, run } = options;
  const { taskDefinition: of } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: original }),
  );
  const container = of?.containerDefinitions?.find(({ essential }) => essential);
  if (!of?.family || !container) throw new OperationError(`${original} has no essential container.`);
  const changed: ContainerDefinition = {
    ...container,
    portMappings: [],
    dependsOn: [],
    healthCheck: undefined,
    ...(image !== undefined && { image: imageReference(environment, image) }),
    command: TASK_COMMAND,
    environment: [
      ...(container.environment ?? []).filter(({ name }) => !name?.startsWith("OTEL_")),
      { name: "MIGRATE_REQUEST", value: JSON.stringify(asked) },
    ],
    ...(container.logConfiguration && {
      logConfiguration: { ...container.logConfiguration, options: logOptions(container) },
    }),
  };
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: familyOf(of.family),
      containerDefinitions: [changed],
      requiresCompatibilities: of.requiresCompatibilities,
      networkMode: of.networkMode,
      cpu: of.cpu,
      memory: of.memory,
      runtimePlatform: of.runtimePlatform,
      taskRoleArn: of.taskRoleArn,
      executionRoleArn: of.executionRoleArn,
      volumes: of.volumes,
      tags: [{ key: "macro-ai:migration", value: run }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

const familyOf = (family: string): string => `${family.replace(/-migrate$/, "")}-migrate`;

/** The answer must not be dropped, as the service's own lines may be when the log is slow. */
function logOptions({ logConfiguration }: ContainerDefinition): Record<string, string> {
  const options = Object.entries(logConfiguration?.options ?? {}).filter(
    ([name]) => name !== "max-buffer-size",
  );
  return { ...Object.fromEntries(options), mode: "blocking", "awslogs-stream-prefix": "migrate" };
}

function ended({ ecs, platform, patience }: OneOffOptions, taskArn: string): Promise<Task> {
  return until(`the task ${nameOf(taskArn)} has ended`, LIMITS_MS.task, patience, async () => {
    const { tasks: [task] = [] } = await ecs.send(
      new DescribeTasksCommand({ cluster: platform.cluster, tasks: [taskArn] }),
    );
    return task?.lastStatus === "STOPPED" ? task : undefined;
  });
}

async function finish(options: OneOffOptions, task: Task): Promise<Answer> {
  const { ecs, patience } = options;
  const { taskDefinition: definition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
  );
  const container = definition?.containerDefinitions?.[0];
  const code = task.containers?.find(({ name }) => name === container?.name)?.exitCode;
  const log = container?.logConfiguration?.options ?? {};
  const [group, stream] = [
    log["awslogs-group"] ?? "",
    `${log["awslogs-stream-prefix"] ?? ""}/${container?.name ?? ""}/${nameOf(task.taskArn ?? "")}`,
  ];
  try {
    if (code === undefined)
      throw new OperationError(
        `The task did not run: ${task.stoppedReason ?? "no reason given"}. Is the image ${container?.image ?? ""} in the repository, for ARM64?`,
      );
    return await until(`the log ${group}, ${stream} has the answer`, LIMITS_MS.log, patience, () =>
      readAnswer(options, group, stream),
    ).catch((error: unknown) => {
      if (!(error instanceof OperationError)) throw error;
      throw new OperationError(
        `The task ended with ${code} and without an answer: read ${group}, ${stream}. Does the image have ${TASK_COMMAND.join(" ")} (docs/runbooks/migrations.md)?`,
      );
    });
  } finally {
    if (definition?.family !== undefined) await clear(ecs, definition.family);
  }
}

async function readAnswer(
  { logs }: OneOffOptions,
  logGroupName: string,
  logStreamName: string,
): Promise<Answer | undefined> {
  const page = await logs
    .send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: false, limit: 100 }))
    .catch((error: unknown) => {
      if ((error as Error).name === "ResourceNotFoundException") return undefined;
      throw error;
    });
  return answerIn((page?.events ?? []).map(({ message }) => message ?? ""));
}

/** Takes the tasks' definitions away, also those of processes that were killed. */
async function clear(ecs: ECSClient, familyPrefix: string): Promise<void> {
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix, status: "ACTIVE" }),
  );
  for (const taskDefinition of taskDefinitionArns)
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}

const nameOf = (arn: string): string => arn.split("/").at(-1) ?? arn;
