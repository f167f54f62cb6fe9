import { spawn } from "node:child_process";
import { ListTasksCommand, DescribeTasksCommand, type ECSClient } from "@aws-sdk/client-ecs";
import type { EnterprisePlatform } from "../lib/environment.ts";
import { OperationError } from "../lib/operation-error.ts";
import { stopIfInterrupted } from "../lib/wait.ts";

const OPEN_MS = 60_000;

/**
 * Opens a way to a host of the stack's network, by a task of its service and a session of AWS Systems Manager, as
 * docs/runbooks/README.md does by hand; the database has no other from outside.
 *
 * @param work gets the port of this machine that leads there
 */
export async function throughTask<T>(
  ecs: ECSClient,
  { cluster, service }: EnterprisePlatform,
  to: { region: string; host: string; port: number },
  signal: AbortSignal,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const target = await sessionTarget(ecs, cluster, service);
  const child = spawn(
    "aws",
    [
      ...["ssm", "start-session", "--region", to.region, "--target", target],
      ...["--document-name", "AWS-StartPortForwardingSessionToRemoteHost"],
      // Without a port here the plugin takes a free one, and says which.
      ...["--parameters", JSON.stringify({ host: [to.host], portNumber: [String(to.port)] })],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let said = "";
      const refuse = (reason: string): void =>
        reject(
          new OperationError(
            `No way to ${to.host} by a session of AWS Systems Manager: ${reason}. It needs the AWS CLI with its Session Manager plugin, and ssm:StartSession.`,
          ),
        );
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        const opened = /Port (\d+) opened/.exec(said)?.[1];
        if (opened !== undefined) resolve(Number(opened));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", (error: NodeJS.ErrnoException) =>
        refuse(error.code === "ENOENT" ? "there is no `aws` on PATH" : error.message),
      );
      child.once("exit", () => refuse(said.trim()));
      AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]).addEventListener("abort", () =>
        refuse(said.trim() || "it did not open"),
      );
    });
    return await work(port);
  } catch (error) {
    stopIfInterrupted(signal);
    throw error;
  } finally {
    child.kill();
  }
}

/** A running task, as ECS Exec names it. */
async function sessionTarget(ecs: ECSClient, cluster: string, serviceName: string): Promise<string> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
  const { tasks = [] } =
    taskArns.length === 0 ? {} : await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const running = tasks.find(({ lastStatus }) => lastStatus === "RUNNING");
  const container = running?.containers?.find(({ name }) => name === "api");
  const name = (arn = ""): string => arn.split("/").at(-1) ?? "";
  if (running?.taskArn === undefined || container?.runtimeId === undefined)
    throw new OperationError(
      `No task of ${serviceName} runs, by which the database could be reached. Resume when one does.`,
    );
  return `ecs:${name(cluster)}_${name(running.taskArn)}_${container.runtimeId}`;
}
