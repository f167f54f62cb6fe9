import { kinds, type SecretKind, secretKinds } from "../../runtime/secret-kinds.ts";
import type { FetchSecret, SecretValue } from "../../runtime/secret-fetching.ts";
import { SecretError } from "../../runtime/secret-failures.ts";

type Fields = Record<string, unknown>;

/** A mark in every secret value of the tests: whatever shows it has shown a secret. */
export const mark = "hushhush";

/** What a service finds set, as the program sets it. */
export const variablesOf = (appEnv: string): Record<string, string> => ({
  NODE_ENV: "production",
  APP_ENV: appEnv,
  SERVER_PORT: "3040",
  AWS_COGNITO_REGION: "us-east-1",
  COOKIE_DOMAIN: "macro-ai.com",
});

/** What an environment's secrets hold, each value with the environment's name in it. */
export const secretsOf = (appEnv: string): Record<SecretKind, Fields> => ({
  "api-keys": {
    API_KEY: `${mark}-${appEnv}-api-key-of-32-characters`,
    COOKIE_ENCRYPTION_KEY: `${mark}-${appEnv}-cookie-key-of-32-characters`,
  },
  "database-credentials": {
    RELATIONAL_DATABASE_URL: `postgresql://app_a:${mark}${appEnv}@db.example:5432/macro_ai?sslmode=verify-full`,
    DB_USERNAME: "app_a",
    DB_PASSWORD: `${mark}${appEnv}`,
    username: "app_a",
    password: `${mark}${appEnv}`,
    host: "db.example",
  },
  "cache-credentials": { REDIS_URL: `rediss://:${mark}${appEnv}@cache.example:6379` },
  "external-services": {
    OPENAI_API_KEY: `sk-${mark}-${appEnv}-00000000`,
    AWS_COGNITO_USER_POOL_ID: "us-east-1_AbCdEfGhI",
    AWS_COGNITO_USER_POOL_CLIENT_ID: "exampleclientid0000000000",
    AWS_COGNITO_USER_POOL_SECRET_KEY: `${mark}clientsecret0000000000000000000`,
  },
});

/** Secrets by their full name, as Secrets Manager would have them; `asked` tells what was read. */
export function inMemory(secrets: Readonly<Record<string, SecretValue["fields"]>>): {
  fetchSecret: FetchSecret;
  asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetchSecret: (id) => {
      asked.push(id);
      const fields = secrets[id];
      return fields
        ? Promise.resolve({ version: "1", fields })
        : Promise.reject(new SecretError(id, "ResourceNotFoundException", "does not exist"));
    },
  };
}

/** An environment's secrets by path, some fields changed; undefined takes one away. */
export function atPath(path: string, appEnv: string, changes: Fields = {}): Record<string, Fields> {
  const entries = kinds.map((kind) => {
    const names: readonly string[] = secretKinds[kind];
    const ofKind = Object.entries(changes).filter(([name]) => names.includes(name));
    const fields = Object.entries({ ...secretsOf(appEnv)[kind], ...Object.fromEntries(ofKind) });
    return [
      `${path}/${kind}`,
      Object.fromEntries(fields.filter(([, value]) => value !== undefined)),
    ] as const;
  });
  return Object.fromEntries(entries);
}
