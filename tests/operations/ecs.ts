import { randomBytes } from "node:crypto";
import { type ChildProcess, spawn } from "node:child_process";

/** A task that runs in a process of its own; its definition is moto's. */
interface RunningTask {
  taskArn: string;
  taskDefinitionArn: string;
  startedBy: string;
  lastStatus: "RUNNING" | "STOPPED";
  stoppedReason?: string;
  containers: { name: string; exitCode?: number }[];
  child?: ChildProcess;
}

interface Deployment {
  id: string;
  status: "PRIMARY" | "ACTIVE";
  taskDefinition: string;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason?: string;
  createdAt: number;
}

/** What a task definition says that a task needs. */
export interface Definition {
  image: string;
  name: string;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  logGroup: string;
  logPrefix: string;
}

/** What tells ECS of things outside it. */
export interface Outside {
  /** By ARN, from moto. */
  definition(arn: string): Promise<Definition>;
  /** The folder of an image; undefined where there is no such image. */
  folder(image: string): string | undefined;
  /** Where the tasks run. */
  environment(): Readonly<Record<string, string>>;
  /** What a task said goes to the log. */
  log(definition: Definition, taskId: string, said: string): Promise<void>;
}

/** One service and one-off tasks: what moto's ECS only remembers, happens here. */
export class ElasticContainerService {
  readonly cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/cluster";
  readonly service = "api-1234567";
  deployments: Deployment[] = [];
  readonly tasks = new Map<string, RunningTask>();
  /** Looks at the service during which a deployment goes on. */
  deploymentLooks = 2;
  /** How deployments end. */
  rollout: "complete" | "fail" | "roll back" = "complete";
  desiredCount = 2;
  /** Tasks end only after this. */
  held: Promise<void> = Promise.resolve();
  readonly #outside: Outside;
  #looksLeft = 0;
  #number = 0;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  deploy(taskDefinition: string): void {
    this.#number += 1;
    const old = this.deployments.slice(0, 1).map((one) => ({ ...one, status: "ACTIVE" as const }));
    this.deployments = [
      {
        id: `ecs-svc/${this.#number}`,
        status: "PRIMARY",
        taskDefinition,
        rolloutState: "IN_PROGRESS",
        createdAt: Date.now() / 1000,
      },
      ...old,
    ];
    this.#looksLeft = this.deploymentLooks;
  }

  /** Undefined: moto's. */
  async answer(operation: string, sent: Record<string, unknown>): Promise<unknown> {
    switch (operation) {
      case "DescribeServices":
        return { services: [this.#describe()], failures: [] };
      case "UpdateService":
        this.deploy(this.deployments[0]?.taskDefinition ?? "");
        return { service: this.#describe() };
      case "RunTask":
        return { tasks: [shown(await this.#run(sent))], failures: [] };
      case "ListTasks":
        return { taskArns: this.#list(sent) };
      case "DescribeTasks":
        return { tasks: (sent["tasks"] as string[]).map((arn) => this.#task(arn)) };
      default:
        return undefined;
    }
  }

  async stop(): Promise<void> {
    for (const { child } of this.tasks.values()) child?.kill("SIGKILL");
    await Promise.resolve();
  }

  #describe(): unknown {
    this.#looksLeft -= 1;
    const [first] = this.deployments;
    if (first?.rolloutState === "IN_PROGRESS" && this.#looksLeft <= 0) this.#end(first);
    return {
      serviceName: this.service,
      taskDefinition: this.deployments[0]?.taskDefinition,
      desiredCount: this.desiredCount,
      runningCount: this.desiredCount,
      deployments: this.deployments,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } },
    };
  }

  #end(deployment: Deployment): void {
    if (this.rollout === "roll back") {
      this.deploy(this.deployments[1]?.taskDefinition ?? "");
      this.rollout = "complete";
      return;
    }
    deployment.rolloutState = this.rollout === "fail" ? "FAILED" : "COMPLETED";
    if (this.rollout === "complete") this.deployments = [deployment];
    else deployment.rolloutStateReason = "tasks failed to start";
  }

  #list({ startedBy, serviceName }: Record<string, unknown>): string[] {
    if (serviceName !== undefined) return ["service-task-1", "service-task-2"];
    return [...this.tasks.values()]
      .filter((task) => task.startedBy === startedBy && task.lastStatus === "RUNNING")
      .map(({ taskArn }) => taskArn);
  }

  #task(arn: string): unknown {
    const task = this.tasks.get(arn);
    if (task) return shown(task);
    return {
      taskArn: arn,
      taskDefinitionArn: this.deployments[0]?.taskDefinition,
      lastStatus: "RUNNING",
      containers: [{ name: "api", runtimeId: "runtime-1" }],
    };
  }

  async #run(sent: Record<string, unknown>): Promise<RunningTask> {
    const taskDefinitionArn = String(sent["taskDefinition"]);
    const definition = await this.#outside.definition(taskDefinitionArn);
    const id = randomBytes(16).toString("hex");
    const task: RunningTask = {
      taskArn: `${this.cluster.replace(":cluster/", ":task/")}/${id}`,
      taskDefinitionArn,
      startedBy: String(sent["startedBy"]),
      lastStatus: "RUNNING",
      containers: [{ name: definition.name }],
    };
    this.tasks.set(task.taskArn, task);
    const folder = this.#outside.folder(definition.image);
    if (folder === undefined) {
      task.lastStatus = "STOPPED";
      task.stoppedReason = `CannotPullContainerError: ${definition.image}: not found`;
      return task;
    }
    const [, ...args] = definition.command;
    const env = { ...this.#outside.environment(), ...definition.environment };
    const child = spawn(process.execPath, args, { cwd: folder, env });
    task.child = child;
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("close", (code) => {
      void this.#outside
        .log(definition, id, said)
        .catch(() => undefined)
        .then(() => this.held)
        .then(() => {
          task.containers = [{ name: definition.name, exitCode: code ?? 137 }];
          task.lastStatus = "STOPPED";
        });
    });
    return task;
  }
}

/** As ECS shows it. */
function shown(task: RunningTask): unknown {
  return { ...task, child: undefined };
}
