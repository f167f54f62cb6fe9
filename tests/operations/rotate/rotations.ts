import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBuilt } from "../../../rotation/build.ts";
import { clientOf } from "../../rotation/servers/aws-client.ts";
import {
  type Answer,
  type SecretsManager,
  startSecretsManager,
} from "../../rotation/servers/secrets-manager.ts";
import { steps } from "../../rotation/steps.ts";

const checkout = join(import.meta.dirname, "../../..");
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:rotate-keys";
/** One for all functions, as the program has it: only the function's configuration tells. */
const logGroupName = "rotation-0123456";

/** What the function is made to do. */
export type Fault =
  | "none"
  /** No step ends, until it is changed. */
  | "silent"
  /** Every attempt fails at its first step. */
  | "wrong shape"
  /** The first attempt fails for a reason that passes. */
  | "busy once"
  /** In the middle somebody else writes to the secret. */
  | "overtaken";

/**
 * Secrets Manager that rotates: moto's, with what moto does only by docker, that is RotateSecret, which calls the function's bundle
 * step by step. The function's log is moto's CloudWatch.
 */
export interface Rotations {
  secrets: SecretsManager;
  logs: CloudWatchLogsClient;
  fault: Fault;
  /** Rotations that were begun or taken up. */
  begun: number;
  create: (name: string, value: unknown) => Promise<string>;
  /** Until no function runs. */
  idle: () => Promise<void>;
  /** Runs the command; its exit code and what it said on both streams. */
  command: (args: readonly string[], options?: CommandOptions) => Promise<Outcome>;
  stop: () => Promise<void>;
}

export interface CommandOptions {
  input?: string;
  /** Presses Ctrl-C when the output has this. */
  interruptAt?: RegExp;
}

export interface Outcome {
  code: number | null;
  said: string;
}

const variables = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };

export async function startRotations(): Promise<Rotations> {
  const [secrets] = await Promise.all([startSecretsManager(), ensureBuilt()]);
  const logs = new CloudWatchLogsClient(clientOf(secrets.endpoint));
  const logStreamName = "stream";
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const running = new Map<string, string>();
  const state = { fault: "none" as Fault, begun: 0 };
  const work = new Set<Promise<void>>();

  const write = (message: string): Promise<unknown> =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [{ timestamp: Date.now(), message }],
      }),
    );

  async function attempt(name: string, version: string): Promise<void> {
    const line = (entry: Record<string, string>) =>
      write(JSON.stringify({ level: "error", secret: name, version, step: "createSecret", ...entry }));
    if (state.fault === "silent") return;
    if (state.fault === "wrong shape") {
      await line({
        result: "wrong-shape",
        message:
          "wrong-shape: it lacks API_KEY. Write the value in the shape that the error names, then rotate again.",
      });
      return;
    }
    if (state.fault === "busy once") {
      state.fault = "none";
      await line({ result: "busy", message: "busy: Another rotation holds the lock." });
    }
    if (state.fault === "overtaken") {
      // After it was seen as AWSPENDING.
      await sleep(700);
      secrets.begin(name);
      return;
    }
    await callFunction(secrets.endpoint, name, version, write);
    running.delete(name);
  }

  const answer = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });
  secrets.interfere = async (operation, forward, sent) => {
    if (operation === "DescribeSecret") return described(await forward());
    if (operation.endsWith("/configuration"))
      return answer(200, { LoggingConfig: { LogGroup: logGroupName } });
    if (operation !== "RotateSecret") return forward();
    const { SecretId, ClientRequestToken } = JSON.parse(sent) as Record<string, string>;
    const name = SecretId ?? "";
    state.begun += 1;
    const pending = running.get(name);
    const version = pending ?? secrets.begin(name, ClientRequestToken);
    running.set(name, version);
    const done = attempt(name, version).finally(() => work.delete(done));
    work.add(done);
    return pending === undefined
      ? answer(200, { Name: name, VersionId: version })
      : answer(400, {
          __type: "InvalidRequestException",
          message: "A previous rotation isn't complete. That rotation will be reattempted.",
        });
  };

  return {
    secrets,
    logs,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    get begun() {
      return state.begun;
    },
    create: async (name, value) => {
      const full = `${name}${randomUUID().slice(0, 8)}`;
      await secrets.client.send(new CreateSecretCommand({ Name: full, SecretString: JSON.stringify(value) }));
      return full;
    },
    idle: async () => {
      await Promise.all(work);
    },
    command: (args, options) => runCommand(secrets.endpoint, args, options),
    stop: async () => {
      await Promise.all(work);
      logs.destroy();
      await secrets.stop();
    },
  };
}

/** What moto does not know of a secret whose rotation it did not begin. */
function described(answer: Answer): Answer {
  const secret = JSON.parse(answer.body) as Record<string, unknown>;
  if (secret["RotationEnabled"] !== true) return answer;
  const rotation = {
    RotationLambdaARN: functionArn,
    RotationRules: { AutomaticallyAfterDays: 180, Duration: "2h" },
    LastRotatedDate: Date.UTC(2026, 0, 2) / 1000,
    NextRotationDate: Date.UTC(2026, 6, 1) / 1000,
  };
  return { ...answer, body: JSON.stringify({ ...secret, ...rotation }) };
}

/** All steps of one rotation by the bundle, in a process of its own; its lines go to the log. */
async function callFunction(
  endpoint: string,
  name: string,
  version: string,
  write: (line: string) => Promise<unknown>,
): Promise<void> {
  const bundle = join(checkout, "rotation/dist/keyring/index.mjs");
  const script = `
    const { handler } = await import(${JSON.stringify(bundle)});
    for (const Step of ${JSON.stringify(steps)}) {
      const event = { SecretId: ${JSON.stringify(name)}, ClientRequestToken: ${JSON.stringify(version)}, Step };
      await handler(event, { getRemainingTimeInMillis: () => 30000 });
    }`;
  const KEYRINGS = JSON.stringify([{ field: "API_KEY", activationDelaySeconds: 0, overlapSeconds: 60 }]);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...variables, AWS_ENDPOINT_URL: endpoint, KEYRINGS },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) await write(line);
  await ended;
}

async function runCommand(
  endpoint: string,
  args: readonly string[],
  { input = "", interruptAt }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(checkout, "operations/rotate/rotate.ts"), ...args], {
    env: { PATH: process.env["PATH"], ...variables, AWS_ENDPOINT_URL: endpoint },
  });
  let said = "";
  let pressed = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (pressed || interruptAt?.test(said) !== true) return;
      pressed = true;
      child.kill("SIGINT");
    });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}
