import {
  DescribeReplicationGroupsCommand,
  type ElastiCacheClient,
  ModifyReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";

/** The label of what was current before the move; it keeps the version from being cleared away. */
export const BEFORE = "BEFORE_UPGRADE";

/** Where the new database, its proxy and the new cache are. */
export interface Addresses {
  proxy: string;
  database: string;
  cache: string;
}

const values = z.record(z.string(), z.string());

/** A secret's values, of the version with a label. Undefined where none has it. */
export async function readValues(
  client: SecretsManagerClient,
  SecretId: string,
  VersionStage = "AWSCURRENT",
): Promise<Record<string, string> | undefined> {
  const found = await client
    .send(new GetSecretValueCommand({ SecretId, VersionStage }))
    .catch((error: unknown) => {
      if ((error as Error).name === "ResourceNotFoundException") return undefined;
      throw error;
    });
  if (found === undefined) return undefined;
  try {
    return values.parse(JSON.parse(found.SecretString ?? ""));
  } catch {
    // Neither error may quote the value.
    throw new OperationError(`The secret ${SecretId} is no JSON of texts.`);
  }
}

/** Labels what is current, unless a version bears the label already. */
export async function keepForTheWayBack(client: SecretsManagerClient, SecretId: string): Promise<void> {
  const stages = await stagesOf(client, SecretId);
  if (stages.has(BEFORE)) return;
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: BEFORE,
      MoveToVersionId: stages.get("AWSCURRENT"),
    }),
  );
}

/** Makes the labelled version current again. */
export async function bringBack(client: SecretsManagerClient, SecretId: string): Promise<void> {
  const stages = await stagesOf(client, SecretId);
  const [before, current] = [stages.get(BEFORE), stages.get("AWSCURRENT")];
  if (before !== undefined && before !== current)
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: before,
        RemoveFromVersionId: current,
      }),
    );
}

/** Takes the label away: the next run takes its own. */
export async function forget(client: SecretsManagerClient, SecretId: string): Promise<void> {
  const before = (await stagesOf(client, SecretId)).get(BEFORE);
  if (before !== undefined)
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: BEFORE, RemoveFromVersionId: before }),
    );
}

async function stagesOf(client: SecretsManagerClient, SecretId: string): Promise<Map<string, string>> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  return new Map(
    Object.entries(VersionIdsToStages).flatMap(([id, stages]) => stages.map((stage) => [stage, id])),
  );
}

/** 48 hexadecimal digits: 192 bits, nothing to escape anywhere. */
const newSecret = (): string => randomBytes(24).toString("hex");

/** The login that the program means at enterprise: stacks/enterprise.ts. */
const LOGIN = { username: "app_a", database: "macro_ai", port: 5432 };

/** Has the secret say where the new database is, with a new password; the form is that of stacks/secrets.ts. */
export async function moveDatabaseSecret(
  client: SecretsManagerClient,
  SecretId: string,
  { proxy, database }: Addresses,
): Promise<void> {
  const current = await readValues(client, SecretId);
  if (current?.["host"] === database) return;
  const { username, database: dbname, port } = LOGIN;
  const password = newSecret();
  await client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString: JSON.stringify({
        RELATIONAL_DATABASE_URL: `postgresql://${username}:${password}@${proxy}:${port}/${dbname}?sslmode=verify-full`,
        DB_USERNAME: username,
        DB_PASSWORD: password,
        username,
        password,
        engine: "postgres",
        host: database,
        port: String(port),
        dbname,
      }),
    }),
  );
}

/** Has the stack's own function make extension, roles and login, with the password that the secret says by now. */
export async function prepareDatabase(lambda: LambdaClient, FunctionName: string): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: "{}" }));
  if (FunctionError === undefined) return;
  const said = z
    .object({ errorMessage: z.string() })
    .safeParse(JSON.parse(Payload?.transformToString() ?? "{}"));
  throw new OperationError(
    `The bootstrap of the database failed: ${said.success ? said.data.errorMessage : FunctionError}. Read the log of ${FunctionName}, then resume.`,
  );
}

const CACHE_LIMIT_MS = 30 * 60_000;

/** Gives the new cache a token of its own, and has the secret say where it is. */
export async function moveCacheSecret(
  client: SecretsManagerClient,
  elasticache: ElastiCacheClient,
  SecretId: string,
  group: string,
  { cache }: Addresses,
  patience: Patience,
): Promise<void> {
  const current = await readValues(client, SecretId);
  if (current?.["REDIS_URL"]?.includes(`@${cache}:`) === true) return;
  const available = (): Promise<true> =>
    until(`${group} is available`, CACHE_LIMIT_MS, patience, async () => {
      const { ReplicationGroups: [found] = [] } = await elasticache.send(
        new DescribeReplicationGroupsCommand({ ReplicationGroupId: group }),
      );
      return found?.Status === "available" ? true : undefined;
    });
  await available();
  const token = newSecret();
  await elasticache.send(
    new ModifyReplicationGroupCommand({
      ReplicationGroupId: group,
      AuthToken: token,
      AuthTokenUpdateStrategy: "ROTATE",
      ApplyImmediately: true,
    }),
  );
  await available();
  await client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString: JSON.stringify({ REDIS_URL: `rediss://:${token}@${cache}:6379` }),
    }),
  );
}
