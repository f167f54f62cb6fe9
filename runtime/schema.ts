import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { type AppEnv, type DeployedEnv, isLocal, type LocalEnv } from "./environments.ts";
import * as fields from "./fields.ts";

const common = {
  APP_VERSION: z._default(fields.someText, "unknown"),
  API_KEY: fields.key,
  API_KEY_RING: fields.ring,
  COOKIE_ENCRYPTION_KEY_RING: fields.ring,
  SERVER_PORT: z._default(fields.port, 3040),
  DB_USERNAME: z.optional(fields.someText),
  DB_PASSWORD: z.optional(z.string()),
  FEATURE_FLAGS: z._default(fields.flags, {}),
};

const cognito = {
  AWS_COGNITO_REGION: fields.region,
  AWS_COGNITO_USER_POOL_ID: fields.userPoolId,
  AWS_COGNITO_USER_POOL_CLIENT_ID: fields.userPoolClientId,
  AWS_COGNITO_USER_POOL_SECRET_KEY: fields.userPoolClientSecret,
};

/** Where somebody is served: everything is there, and every connection verified. */
const deployed = (appEnv: DeployedEnv) =>
  z.object({
    ...common,
    ...cognito,
    // Libraries behave everywhere as they do in production.
    NODE_ENV: fields.choice(["production"]),
    APP_ENV: z.literal(appEnv),
    COOKIE_ENCRYPTION_KEY: fields.key,
    // A stack without a domain of its own has cookies of the one host that sets them.
    COOKIE_DOMAIN: z.optional(fields.domain),
    RELATIONAL_DATABASE_URL: fields.databaseUrl("required"),
    REDIS_URL: fields.cacheUrl("required"),
    OPENAI_API_KEY: fields.openaiKey,
  });

/** On a developer's machine: what the document's development configuration has is enough. */
const local = (appEnv: LocalEnv) =>
  z.object({
    ...common,
    NODE_ENV: z._default(fields.choice(["development", "test", "production"]), appEnv),
    APP_ENV: z.literal(appEnv),
    // A new one with each start only signs the developer out.
    COOKIE_ENCRYPTION_KEY: z._default(fields.key, () => randomBytes(36).toString("base64url")),
    COOKIE_DOMAIN: z._default(fields.domain, "localhost"),
    RELATIONAL_DATABASE_URL: fields.databaseUrl("optional"),
    REDIS_URL: z._default(fields.cacheUrl("optional"), "redis://localhost:6379"),
    OPENAI_API_KEY: z.optional(fields.openaiKey),
    AWS_COGNITO_REGION: z.optional(cognito.AWS_COGNITO_REGION),
    AWS_COGNITO_USER_POOL_ID: z.optional(cognito.AWS_COGNITO_USER_POOL_ID),
    AWS_COGNITO_USER_POOL_CLIENT_ID: z.optional(cognito.AWS_COGNITO_USER_POOL_CLIENT_ID),
    AWS_COGNITO_USER_POOL_SECRET_KEY: z.optional(cognito.AWS_COGNITO_USER_POOL_SECRET_KEY),
  });

/** The variables of an environment, as they must be. */
export const schemaOf = (appEnv: AppEnv) => (isLocal(appEnv) ? local(appEnv) : deployed(appEnv));

export type Variables = z.output<ReturnType<typeof deployed>> | z.output<ReturnType<typeof local>>;
