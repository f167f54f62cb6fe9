import { ECSClient } from "@aws-sdk/client-ecs";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { clientOptions, invocationOptions } from "../lib/aws.ts";
import { environmentOf } from "../lib/environment.ts";
import { healthy } from "../lib/health.ts";
import { OperationError } from "../lib/operation-error.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import type { Step } from "../lib/steps.ts";
import type { Patience } from "../lib/wait.ts";
import { connect } from "../migrate/database/connect.ts";
import { configure } from "../migrate/steps.ts";
import {
  BEFORE,
  keepForTheWayBack,
  moveCacheSecret,
  moveDatabaseSecret,
  prepareDatabase,
  readValues,
} from "./credentials.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { instanceOf, type Places, placesOf } from "./places.ts";
import { factsOf, freeze } from "./source.ts";
import { compareWith, fill, takeOut, type Target } from "./transfer.ts";
import { throughTask } from "./tunnel.ts";

/** What the steps work with. */
export interface Work {
  stack: string;
  region: string;
  /** The run's id. */
  run: string;
  /** The image that was configured before. Undefined: none. */
  image: string | undefined;
  pulumi: Pulumi;
  patience: Patience;
  /** Where the dump goes. */
  folder: string;
  secrets: { client: SecretsManagerClient; database: string; cache: string };
}

export const RETAIN_KEY = "macro-ai:retainEnterpriseData";
export const SCALE_KEY = "macro-ai:scale";

export const steps: readonly Step<Work>[] = [
  {
    name: "beside",
    plan: ({ stack }) =>
      `pulumi config set ${RETAIN_KEY} true, pulumi up --stack ${stack}: network and database are made beside the hobby stack, which goes on`,
    perform: makeBeside,
    meanwhile: "The hobby stack goes on as before.",
  },
  {
    name: "freeze",
    plan: () =>
      "Neon takes no writes any more, and the secrets of before get a label; THE WINDOW BEGINS: the API can only read",
    perform: stopWrites,
    meanwhile: "The hobby stack runs; its database may take no writes.",
  },
  {
    name: "dump",
    plan: ({ folder, run }) =>
      `pg_dump writes ${join(folder, `${run}.dump`)}, and every table's sum is noted`,
    perform: dumpSource,
    meanwhile: "The hobby stack runs; its database takes no writes.",
  },
  {
    name: "scale",
    plan: ({ stack }) =>
      `pulumi config set ${SCALE_KEY} enterprise, without an image, pulumi up --stack ${stack}: the placeholder runs on ECS; the API answers 503`,
    perform: scaleUp,
    meanwhile: "The API may be down; the data is at Neon, unchanged, and in the dump.",
  },
  {
    name: "secrets",
    plan: () =>
      "new passwords for database and cache, and where they are; the stack's own function makes extension, roles and login",
    perform: moveSecrets,
    meanwhile: "The API is down; the data is at Neon, unchanged, and in the dump.",
  },
  {
    name: "load",
    plan: () =>
      "pg_restore fills the new database in one transaction, by a session of AWS Systems Manager through a task",
    perform: (work) =>
      through(work, async (target) => fill(target, dumpOf(work), await printOf(work), work.patience.signal)),
    meanwhile: "The API is down; the data is at Neon, unchanged, and in the dump.",
  },
  {
    name: "verify",
    plan: () =>
      "rows and sums of every table, sequences, indexes, constraints, functions and triggers are the same",
    perform: (work) => through(work, async (target) => compareWith(target, await printOf(work))),
    meanwhile: "The API is down; the data is at Neon, unchanged, and in the dump.",
  },
  {
    name: "start",
    plan: ({ image, stack }) =>
      image === undefined
        ? "/api/health answers well; THE WINDOW ENDS"
        : `the image ${image} again, pulumi up --stack ${stack}, /api/health answers well; THE WINDOW ENDS`,
    perform: startAgain,
    meanwhile:
      "The new database has everything; once the API has written to it, the way back would lose that.",
  },
];

async function makeBeside({ pulumi, stack }: Work): Promise<string> {
  const before = await pulumi.export();
  if (instanceOf(before) === undefined) {
    if ((await pulumi.config())[RETAIN_KEY] !== "true") await pulumi.setConfig(RETAIN_KEY, "true");
    await pulumi.up();
  }
  const instance = instanceOf(await pulumi.export());
  if (instance === undefined)
    throw new OperationError(`pulumi up made no database in ${stack}: see what it said.`);
  return `the database ${instance} stands beside`;
}

/** Neon's URL, also when the secret says something else by now. */
export async function sourceUrl({ secrets }: Work): Promise<string> {
  const found =
    (await readValues(secrets.client, secrets.database, BEFORE)) ??
    (await readValues(secrets.client, secrets.database));
  const url = found?.["RELATIONAL_DATABASE_URL"];
  if (url === undefined)
    throw new OperationError(`The secret ${secrets.database} has no RELATIONAL_DATABASE_URL.`);
  return url;
}

export async function atSource<T>(work: Work, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(await sourceUrl(work), { application: "macro-ai-upgrade" });
  return ask(client).finally(() => client.end());
}

async function stopWrites(work: Work): Promise<string> {
  const { client, database, cache } = work.secrets;
  for (const secret of [database, cache]) await keepForTheWayBack(client, secret);
  return atSource(work, freeze);
}

const dumpOf = ({ folder, run }: Work): string => join(folder, `${run}.dump`);
const printFile = ({ folder, run }: Work): string => join(folder, `${run}.sums.json`);

async function dumpSource(work: Work): Promise<string> {
  const { frozen } = await atSource(work, factsOf);
  if (!frozen)
    throw new OperationError(
      "Neon takes writes again: somebody has ended the freeze. Roll back, and begin anew.",
    );
  const { print, bytes } = await takeOut(await sourceUrl(work), dumpOf(work), work.patience.signal);
  await writeFile(printFile(work), JSON.stringify(print), { mode: 0o600 });
  return `${dumpOf(work)} (${Math.ceil(bytes / 1024)} KiB)`;
}

async function printOf(work: Work): Promise<Fingerprint> {
  const text = await readFile(printFile(work), "utf8").catch(() => {
    throw new OperationError(
      `${printFile(work)} is gone: resume on the machine that dumped, or roll back and begin anew.`,
    );
  });
  return JSON.parse(text) as Fingerprint;
}

/** With the placeholder: the API itself would not become healthy before its data is there, and ECS would give up. */
async function scaleUp({ pulumi, stack }: Work): Promise<string> {
  await configure(pulumi, undefined);
  if ((await pulumi.config())[SCALE_KEY] !== "enterprise") await pulumi.setConfig(SCALE_KEY, "enterprise");
  if (environmentOf(stack, await pulumi.export()).platform.scale !== "enterprise") await pulumi.up();
  const { platform } = placesOf(stack, await pulumi.export());
  return `${platform.service} runs the placeholder`;
}

async function places({ pulumi, stack }: Work): Promise<Places> {
  return placesOf(stack, await pulumi.export());
}

async function moveSecrets(work: Work): Promise<string> {
  const { region, patience, secrets } = work;
  const found = await places(work);
  await moveDatabaseSecret(secrets.client, secrets.database, found);
  await prepareDatabase(new LambdaClient(invocationOptions(region)), found.bootstrap);
  await moveCacheSecret(
    secrets.client,
    new ElastiCacheClient(clientOptions(region)),
    secrets.cache,
    found.cacheGroup,
    found,
    patience,
  );
  return "the secrets say where database and cache are now";
}

async function through(work: Work, use: (target: Target) => Promise<string>): Promise<string> {
  const { region, patience, secrets } = work;
  const { platform, proxy } = await places(work);
  const url = (await readValues(secrets.client, secrets.database))?.["RELATIONAL_DATABASE_URL"] ?? "";
  return throughTask(
    new ECSClient(clientOptions(region)),
    platform,
    { region, host: proxy, port: 5432 },
    patience.signal,
    (via) => use({ url, via }),
  );
}

async function startAgain(work: Work): Promise<string> {
  const { pulumi, image, stack, patience } = work;
  if (image !== undefined) {
    await configure(pulumi, image);
    await pulumi.up();
  }
  return healthy(environmentOf(stack, await pulumi.export()).apiUrl, patience);
}
