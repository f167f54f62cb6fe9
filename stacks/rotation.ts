import * as pulumi from "@pulumi/pulumi";
import type { Cache } from "../components/cache.ts";
import type { DeadLetterQueue } from "../components/dead-letters.ts";
import { DatabaseBootstrap } from "../components/database-bootstrap.ts";
import type { Database } from "../components/database.ts";
import { type MaintenanceNetwork, readSecret } from "../components/maintenance-function.ts";
import type { Statement } from "../components/policy-document.ts";
import { RotationBase } from "../components/rotation-base.ts";
import { RotationFunction, type RotationSchedule } from "../components/rotation-function.ts";
import { type RenewedByHand, SecretReminder } from "../components/secret-reminder.ts";
import type { SecretSet } from "../components/secret-set.ts";
import type { Vpc } from "../components/vpc.ts";
import { userPool } from "./api.ts";
import type { Foundation } from "./foundation.ts";
import { functionCode } from "./function-code.ts";
import { databaseName } from "./data.ts";
import { ADMIN_SECRET, keyFields } from "./secrets.ts";

/** From its making until writers use a key: readers keep a secret for up to five minutes, and a rollout takes ten. */
const ACTIVATION_DELAY_SECONDS = 15 * 60;

const DAY_SECONDS = 24 * 60 * 60;

/** What the functions share. `deadLetters`: a queue that is watched already. */
export function createRotationBase(foundation: Foundation, deadLetters?: DeadLetterQueue): RotationBase {
  const { config, sizes, region, accountId, kmsKeyArn } = foundation;
  return new RotationBase("rotation", {
    region,
    accountId,
    kmsKeyArn,
    logRetentionDays: config.traits.logRetentionDays,
    tracing: config.features.tracing ? "xray" : "none",
    concurrency: sizes.rotation.reserveConcurrency ? "one" : "shared",
    ...(deadLetters && { deadLetters }),
  });
}

/** Makes pgvector, the application's roles and their rights in the stack's own database. */
export function bootstrapDatabase(
  foundation: Foundation,
  base: RotationBase,
  network: Vpc,
  database: Database,
  secrets: SecretSet,
): DatabaseBootstrap {
  return new DatabaseBootstrap("bootstrap", {
    setting: base.setting,
    label: "Database bootstrap",
    code: functionCode("bootstrap"),
    timeoutSeconds: 120,
    network: placeIn(foundation, network, "secrets", {
      peer: database.peer,
      reason: "extension, roles and rights",
    }),
    databaseId: database.instanceId,
    server: { host: database.endpoint, port: database.port, databaseName },
    applicationSecret: {
      arn: secrets.readyArnOf("database-credentials"),
      keyArn: foundation.kmsKeyArn,
    },
    masterSecret: { arn: database.masterSecretArn, keyArn: database.masterSecretKeyArn },
    // Without its routes the function reaches nothing.
    after: [network],
  });
}

/** The stack's own database: two logins take turns, and the master user sets their passwords. */
export function rotateOwnDatabase(
  foundation: Foundation,
  base: RotationBase,
  network: Vpc,
  database: Database,
  secrets: SecretSet,
  bootstrap: DatabaseBootstrap,
): void {
  const master = { arn: database.masterSecretArn, keyArn: database.masterSecretKeyArn };
  new RotationFunction("rotation-database", {
    setting: base.setting,
    label: "Database rotation",
    code: functionCode("database"),
    timeoutSeconds: 120,
    network: placeIn(foundation, network, "secrets", { peer: database.peer, reason: "new passwords" }),
    environment: { DATABASE_USERS: "alternating", MASTER_SECRET_ARN: master.arn },
    statements: readSecret("MasterLogin", master, foundation.region),
    ...secretOf(foundation, secrets, "database-credentials"),
    schedule: schedule(foundation, "databaseDays"),
    // Before it the login does not exist, and the first test would fail.
    after: [bootstrap],
  });
}

/** A database at Neon: one login, which sets its own password in plain, as Neon refuses verifiers. */
export function rotateNeonDatabase(foundation: Foundation, base: RotationBase, secrets: SecretSet): void {
  new RotationFunction("rotation-database", {
    setting: base.setting,
    label: "Database rotation",
    code: functionCode("database"),
    timeoutSeconds: 120,
    environment: { DATABASE_USERS: "single", DATABASE_LOGIN_FORM: "plaintext", DATABASE_CA: "public" },
    statements: [],
    ...secretOf(foundation, secrets, "database-credentials"),
    schedule: schedule(foundation, "databaseDays"),
  });
}

/** The stack's own cache: the token before stays valid until the next rotation. */
export function rotateCache(
  foundation: Foundation,
  base: RotationBase,
  network: Vpc,
  cache: Cache,
  secrets: SecretSet,
): void {
  new RotationFunction("rotation-cache", {
    setting: base.setting,
    label: "Cache rotation",
    code: functionCode("cache"),
    // It waits for ElastiCache, which takes minutes to change a token.
    timeoutSeconds: 900,
    network: placeIn(foundation, network, "secrets and ElastiCache", {
      peer: cache.peer,
      reason: "tries tokens",
    }),
    environment: { REPLICATION_GROUP_ID: cache.cacheId },
    statements: [
      {
        sid: "ChangeToken",
        actions: ["elasticache:DescribeReplicationGroups", "elasticache:ModifyReplicationGroup"],
        resources: [cache.arn],
      },
    ],
    ...secretOf(foundation, secrets, "cache-credentials"),
    schedule: schedule(foundation, "cacheDays"),
    after: [network],
  });
}

/** The secrets that have nothing to do with the scale, and a reminder of what only a person can renew. */
export function rotateCommonSecrets(
  foundation: Foundation,
  base: RotationBase,
  secrets: SecretSet,
  byHand: readonly { secret: string; field: string }[],
): void {
  const { config, sizes, kmsKeyArn } = foundation;
  const { setting } = base;
  new RotationFunction("rotation-keyring", {
    setting,
    label: "Keyring rotation",
    code: functionCode("keyring"),
    timeoutSeconds: 60,
    environment: {
      KEYRINGS: JSON.stringify(
        keyFields.map((field) => ({
          field,
          activationDelaySeconds: ACTIVATION_DELAY_SECONDS,
          overlapSeconds: sizes.rotation.keyOverlapDays * DAY_SECONDS,
        })),
      ),
    },
    statements: [],
    ...secretOf(foundation, secrets, "api-keys"),
    schedule: schedule(foundation, "apiKeyDays"),
  });
  const openAi = openAiOf(foundation, secrets);
  new RotationFunction("rotation-external", {
    setting,
    label: "External services rotation",
    code: functionCode("external"),
    timeoutSeconds: 120,
    environment: {
      PROVIDERS: openAi ? "cognito,openai" : "cognito",
      AWS_COGNITO_REGION: userPool(foundation).region,
      ...openAi?.environment,
    },
    statements: [clientSecrets(foundation), ...(openAi?.statements ?? [])],
    ...secretOf(foundation, secrets, "external-services"),
    schedule: schedule(foundation, "externalDays"),
  });
  const values = [
    ...byHand,
    openAi
      ? { secret: ADMIN_SECRET, field: "OPENAI_ADMIN_KEY" }
      : { secret: "external-services", field: "OPENAI_API_KEY" },
  ].map(({ secret, field }): RenewedByHand => ({
    secretArn: secrets.readyArnOf(secret),
    field,
    everyDays: sizes.rotation.byHandDays,
  }));
  new SecretReminder("rotation-reminder", {
    setting,
    label: `Reminder of secrets renewed by hand in ${config.environment}`,
    code: functionCode("reminder"),
    timeoutSeconds: 60,
    values,
    secretsKeyArn: kmsKeyArn,
  });
}

/** OpenAI makes and takes back keys by an admin key of the organization; without one a person does. */
function openAiOf(
  { config, region, accountId, kmsKeyArn }: Foundation,
  secrets: SecretSet,
): { environment: Record<string, pulumi.Input<string>>; statements: Statement[] } | undefined {
  if (config.openaiProjectId === undefined) return undefined;
  const admin = { arn: secrets.readyArnOf(ADMIN_SECRET), keyArn: kmsKeyArn };
  return {
    environment: {
      OPENAI_PROJECT_ID: config.openaiProjectId,
      // Other stacks may share the project, and the rotation deletes what begins with this.
      OPENAI_ACCOUNT_PREFIX: pulumi.interpolate`rot.${config.environment}.${region}.${accountId}.`,
      OPENAI_ADMIN_SECRET_ARN: admin.arn,
    },
    statements: readSecret("AdminKey", admin, region),
  };
}

function clientSecrets(foundation: Foundation): Statement {
  return {
    sid: "ChangeClientSecret",
    actions: [
      "cognito-idp:AddUserPoolClientSecret",
      "cognito-idp:DeleteUserPoolClientSecret",
      "cognito-idp:ListUserPoolClientSecrets",
    ],
    resources: [userPool(foundation).arn],
  };
}

function secretOf({ kmsKeyArn }: Foundation, secrets: SecretSet, key: string) {
  return { secretArn: secrets.readyArnOf(key), secretKeyArn: kmsKeyArn };
}

type Interval = "databaseDays" | "cacheDays" | "apiKeyDays" | "externalDays";

function schedule({ sizes: { rotation } }: Foundation, interval: Interval): RotationSchedule {
  return { days: rotation[interval], windowHours: rotation.windowHours };
}

/**
 * Private subnets, with the way to AWS that the network has: its endpoints, or the NAT gateway. ElastiCache's own endpoint is
 * there only where there is no gateway.
 */
function placeIn(
  { sizes }: Foundation,
  network: Vpc,
  needs: "secrets" | "secrets and ElastiCache",
  target: MaintenanceNetwork["reaches"][number],
): MaintenanceNetwork {
  const { endpoints } = network;
  const hasGateway = sizes.network.natGateways !== "none";
  const leaves = !endpoints || (needs === "secrets and ElastiCache" && hasGateway);
  return {
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    reaches: [target, ...(endpoints ? [{ peer: endpoints, reason: "AWS without the internet" }] : [])],
    ...(leaves && { internet: "HTTPS to the AWS APIs, whose addresses change" }),
  };
}
