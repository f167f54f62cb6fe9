import { inspect } from "node:util";
import type { DeployedEnv, LocalEnv } from "./environments.ts";
import { type FeatureFlags, getFeatureFlags } from "./flags.ts";
import type { Variables } from "./schema.ts";
import type { Secrets } from "./secrets.ts";

/** The users' pool at Cognito. */
export interface Cognito {
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly userPoolSecretKey: string;
}

interface CommonConfig {
  /** How libraries behave; the application asks `appEnv`. */
  readonly nodeEnv: "development" | "test" | "production";
  /** What was built: an image's tag, a commit. `unknown` where nobody says. */
  readonly appVersion: string;
  readonly serverPort: number;
  /** Where it is undefined, cookies belong to the host that sets them. */
  readonly cookieDomain: string | undefined;
  /** As it was at the start; `apiKeys` follows rotations. */
  readonly apiKey: string;
  /** As it was at the start; `cookieKeys` follows rotations. */
  readonly cookieEncryptionKey: string;
  /** As it was at the start; `createPool` follows rotations. */
  readonly relationalDatabaseUrl: string;
  /** As it was at the start; `createRedis` follows rotations. */
  readonly redisUrl: string;
  readonly featureFlags: FeatureFlags;
  /** The secrets as they are now. */
  readonly secrets: Secrets;
}

/** The configuration where somebody is served: nothing is missing. */
export interface DeployedConfig extends CommonConfig {
  readonly appEnv: DeployedEnv;
  readonly openaiApiKey: string;
  readonly cognito: Cognito;
}

/** The configuration of a developer's machine, which may do without OpenAI and Cognito. */
export interface LocalConfig extends CommonConfig {
  readonly appEnv: LocalEnv;
  readonly openaiApiKey: string | undefined;
  readonly cognito: Cognito | undefined;
}

/** Frozen. Printed or turned into JSON, it shows its secrets' names alone. */
export type Config = DeployedConfig | LocalConfig;

const secretKeys = [
  "apiKey",
  "cookieEncryptionKey",
  "relationalDatabaseUrl",
  "redisUrl",
  "openaiApiKey",
  "cognito",
  "secrets",
];

export function configOf(variables: Variables, secrets: Secrets): Config {
  const {
    AWS_COGNITO_REGION: region,
    AWS_COGNITO_USER_POOL_ID: userPoolId,
    AWS_COGNITO_USER_POOL_CLIENT_ID: userPoolClientId,
    AWS_COGNITO_USER_POOL_SECRET_KEY: userPoolSecretKey,
  } = variables;
  const cognito =
    region && userPoolId && userPoolClientId && userPoolSecretKey
      ? Object.freeze({ region, userPoolId, userPoolClientId, userPoolSecretKey })
      : undefined;
  const config = {
    appEnv: variables.APP_ENV,
    nodeEnv: variables.NODE_ENV,
    appVersion: variables.APP_VERSION,
    serverPort: variables.SERVER_PORT,
    cookieDomain: variables.COOKIE_DOMAIN,
    apiKey: variables.API_KEY,
    cookieEncryptionKey: variables.COOKIE_ENCRYPTION_KEY,
    relationalDatabaseUrl: variables.RELATIONAL_DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    openaiApiKey: variables.OPENAI_API_KEY,
    cognito,
    featureFlags: getFeatureFlags(variables.APP_ENV, variables.FEATURE_FLAGS),
    secrets,
  };
  const shown = () =>
    Object.fromEntries(
      Object.entries(config).map(([name, value]) => [
        name,
        secretKeys.includes(name) && value !== undefined ? "[secret]" : value,
      ]),
    );
  // Neither is enumerable: a copy made with {...config} is a plain object again, by its maker's choice.
  Object.defineProperties(config, { toJSON: { value: shown }, [inspect.custom]: { value: shown } });
  return Object.freeze(config) as Config;
}
