import { inspect } from "node:util";
import type { Config } from "./config.ts";
import { getFeatureFlags } from "./flags.ts";
import type { Variables } from "./schema.ts";
import type { Secrets } from "./secrets.ts";

const secretKeys = [
  "apiKey",
  "cookieEncryptionKey",
  "relationalDatabaseUrl",
  "redisUrl",
  "openaiApiKey",
  "cognito",
  "secrets",
];

/** The configuration that checked variables make. */
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
