import { ECSClient } from "@aws-sdk/client-ecs";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientOptions, invocationOptions } from "../lib/aws.ts";
import { healthy } from "../lib/health.ts";
import { OperationError } from "../lib/operation-error.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import type { Step } from "../lib/steps.ts";
import type { Patience } from "../lib/wait.ts";
import { oneOff } from "../migrate/one-off.ts";
import { restartService } from "../migrate/restart.ts";
import { prepareDatabase, readValues } from "../upgrade/credentials.ts";
import { placesOf } from "../upgrade/places.ts";
import { checkPoint, type Point, standsAs } from "./point.ts";
import {
  instanceOf,
  lettingGo,
  namedUrns,
  puttingBack,
  readState,
  replacedUrns,
  type State,
} from "./state.ts";

/** What the steps work with. */
export interface Work {
  stack: string;
  region: string;
  run: string;
  startedAt: string;
  point: Point;
  /** The instance that was used when it began. */
  old: string;
  pulumi: Pulumi;
  patience: Patience;
  folder: string;
}

const RESTORE = "macro-ai:restore";
const KEYS = ["databaseSnapshot", "databaseBackups", "time"] as const;

/** The configuration by which a new instance is made of a point: paths and values. */
export function pointConfig(point: Point, instance: string): [path: string, value: string][] {
  if ("snapshot" in point) return [[`${RESTORE}.databaseSnapshot`, point.snapshot]];
  const backups: [string, string] = [`${RESTORE}.databaseBackups`, instance];
  return point.time === undefined ? [backups] : [backups, [`${RESTORE}.time`, point.time]];
}

export const steps: readonly Step<Work>[] = [
  {
    name: "check",
    plan: () => "RDS can restore that, and nothing else waits to be deployed by a restore's configuration",
    perform: ({ region, old, point }) => checkPoint(new RDSClient(clientOptions(region)), old, point),
    meanwhile: "Nothing was changed.",
  },
  {
    name: "make",
    plan: ({ stack, old }) =>
      `pulumi config set --path ${RESTORE}..., the state lets go of ${old}, pulumi up --stack ${stack} of the instance alone: the new one stands beside`,
    perform: makeBeside,
    meanwhile: "Everybody uses the old instance.",
  },
  {
    name: "verify",
    plan: () => "the new instance is available, and is as the old one: engine, key, protection, groups",
    perform: verify,
    meanwhile: "Everybody uses the old instance; the new one stands beside.",
  },
  {
    name: "switch",
    plan: ({ stack }) =>
      `pulumi up --stack ${stack}: proxy, alarms and functions turn to the new one; then the secret's host, and the login`,
    perform: turn,
    meanwhile: "Some may use the old instance, some the new one.",
  },
  {
    name: "restart",
    plan: () => "ECS replaces the tasks, which forget the connections to the old one",
    perform: ({ region, startedAt, patience, ...work }) =>
      places(work).then(({ platform }) =>
        restartService(
          new ECSClient(clientOptions(region)),
          platform,
          { image: undefined, since: new Date(startedAt) },
          () => Promise.resolve(),
          patience,
        ),
      ),
    meanwhile: "The proxy leads to the new instance.",
  },
  {
    name: "validate",
    plan: () => "/api/health answers well",
    perform: async (work) => healthy((await places(work)).environment.apiUrl, work.patience),
    meanwhile: "Everybody uses the new instance.",
  },
];

const savedFile = ({ folder, run }: Pick<Work, "folder" | "run">): string =>
  join(folder, `${run}.state.json`);

async function places({ pulumi, stack }: Pick<Work, "pulumi" | "stack">) {
  return placesOf(stack, await pulumi.export());
}

async function makeBeside(work: Work): Promise<string> {
  const { pulumi, old, point } = work;
  let state = readState(await pulumi.export());
  if (instanceOf(state) === old) {
    await writeFile(savedFile(work), JSON.stringify(state), { mode: 0o600 });
    await importState(work, lettingGo(state));
    await clearConfig(pulumi);
    for (const [path, value] of pointConfig(point, old)) await pulumi.setNested(path, value);
    const targets = namedUrns(state).flatMap((urn) => ["--target", urn]);
    await pulumi.up([...targets, ...replacedUrns(state).flatMap((urn) => ["--replace", urn])]);
    state = readState(await pulumi.export());
  }
  const made = instanceOf(state);
  if (made === old)
    throw new OperationError(`pulumi up made no new instance beside ${old}: see what it said.`);
  return `${made} stands beside ${old}`;
}

async function importState(work: Work, state: State): Promise<void> {
  const file = join(work.folder, `${work.run}.import.json`);
  await writeFile(file, JSON.stringify(state), { mode: 0o600 });
  await work.pulumi.importFile(file);
}

async function clearConfig(pulumi: Pulumi): Promise<void> {
  const set = JSON.parse((await pulumi.config())[RESTORE] ?? "{}") as Record<string, unknown>;
  for (const key of KEYS) if (set[key] !== undefined) await pulumi.removeNested(`${RESTORE}.${key}`);
}

async function verify({ pulumi, region, old, patience }: Work): Promise<string> {
  const made = instanceOf(readState(await pulumi.export()));
  return standsAs(new RDSClient(clientOptions(region)), { made, old }, patience);
}

/** The proxy, the secret and the login; then a task of the service looks at the data by that way. */
async function turn(work: Work): Promise<string> {
  const { pulumi, region, patience, run } = work;
  await pulumi.up();
  const found = await places(work);
  const secrets = new SecretsManagerClient(clientOptions(region));
  const { databaseSecret: SecretId } = found.environment;
  const values = await readValues(secrets, SecretId);
  if (values && values["host"] !== found.database)
    await secrets.send(
      new PutSecretValueCommand({
        SecretId,
        SecretString: JSON.stringify({ ...values, host: found.database }),
      }),
    );
  await prepareDatabase(new LambdaClient(invocationOptions(region)), found.bootstrap);
  const database = oneOff({
    ecs: new ECSClient(clientOptions(region)),
    logs: new CloudWatchLogsClient(clientOptions(region)),
    environment: found.environment,
    platform: found.platform,
    run,
    patience,
  });
  const { lines, problems } = await database.perform({ phase: "inspect", withSql: false });
  if (problems.length > 0)
    throw new OperationError(`The restored data does not fit the running code: ${problems.join("; ")}`);
  return `${found.platform.database} is used; its migrations: ${lines[0] ?? "none"}`;
}

/** The way back: the old instance in the state again, and everybody turned to it. The new one stays in AWS. */
export async function turnBack(work: Work): Promise<string> {
  const { pulumi, old } = work;
  const state = readState(await pulumi.export());
  const made = instanceOf(state);
  if (made !== old) {
    const saved = readState(JSON.parse(await readFile(savedFile(work), "utf8")) as unknown);
    await importState(work, puttingBack(state, saved));
  }
  await clearConfig(pulumi);
  const note = await turn(work);
  return made === old ? note : `${note}; ${made} stays in AWS, outside of Pulumi`;
}
