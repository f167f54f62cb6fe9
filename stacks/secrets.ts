import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { SecretDefinition } from "../components/secret-set.ts";
import type { StackConfig } from "./config.ts";
import type { Inherit } from "./replicas.ts";

/**
 * 48 letters and digits: about 285 bits, and nothing to escape in a URL, a DSN or a shell. ElastiCache's AUTH token
 * takes them as well (16 to 128 characters, few symbols).
 */
export function randomSecret(name: string): pulumi.Output<string> {
  return new RandomPassword(name, { length: 48, special: false }).result;
}

/** What the API knows of the services outside the stack, by the key under which the configuration has it. */
const external = {
  OPENAI_API_KEY: "openaiApiKey",
  AWS_COGNITO_USER_POOL_ID: "cognitoUserPoolId",
  AWS_COGNITO_USER_POOL_CLIENT_ID: "cognitoUserPoolClientId",
  AWS_COGNITO_USER_POOL_SECRET_KEY: "cognitoUserPoolSecretKey",
} as const;

/** What has secrets: the configuration, or another environment's whose copies the stack starts from. */
export interface SecretSource {
  config: StackConfig;
  inherit?: Inherit;
}

/** The secret with OpenAI's admin key, which only the rotation reads. */
export const ADMIN_SECRET = "openai-admin";

/** The keys that are only values, by the logical names of their first ones. */
const keys = { API_KEY: "secrets-api-key", COOKIE_ENCRYPTION_KEY: "secrets-cookie-encryption-key" };

/** The fields of `api-keys`. */
export const keyFields = Object.keys(keys);

/** The secrets that have nothing to do with the scale. */
export function commonSecrets(source: SecretSource): Record<string, SecretDefinition> {
  const { inherit } = source;
  const { openaiAdminKey } = source.config.secrets;
  return {
    "api-keys": {
      description: "What callers of the API present, and what its cookies are encrypted with",
      values: mapped(keys, (key, name) => inherit?.("api-keys", key) ?? randomSecret(name)),
    },
    "external-services": {
      description: "Keys and identifiers of the services outside this stack",
      values: mapped(external, (key) => externalSecret(source, key)),
    },
    ...(openaiAdminKey && {
      [ADMIN_SECRET]: {
        description: "By which the rotation makes OpenAI's keys and takes them back",
        values: { OPENAI_ADMIN_KEY: openaiAdminKey },
      },
    }),
  };
}

/** One of the values in `external-services`. */
export function externalSecret(
  { config, inherit }: SecretSource,
  key: keyof typeof external,
): pulumi.Output<string> {
  const value = inherit?.("external-services", key) ?? config.secrets[external[key]];
  if (value === undefined) throw new Error(`A configuration without ${external[key]} passed the checks.`);
  return value;
}

function mapped<Key extends string, Value>(
  table: Readonly<Record<Key, Value>>,
  map: (key: Key, value: Value) => pulumi.Output<string>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries<Value>(table).map(([key, value]) => [key, map(key as Key, value)]),
  );
}

/** A login of a PostgreSQL server. */
export interface DatabaseLogin {
  username: pulumi.Input<string>;
  password: pulumi.Output<string>;
  /** The server itself, where a rotation sets the password. */
  host: pulumi.Output<string>;
  /** Where the API connects: the proxy before the server. */
  urlHost: pulumi.Output<string>;
  port: number;
  databaseName: string;
}

/** A login in the two forms that its readers expect: the API's variables, and those of RDS Proxy and AWS's tools. */
export function databaseSecret(login: DatabaseLogin): SecretDefinition {
  const { username, password, host, urlHost, port, databaseName } = login;
  const url = pulumi
    .all([username, password, urlHost])
    .apply(
      ([user, secret, server]) =>
        `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@${server}:${port}/${databaseName}?sslmode=verify-full`,
    );
  return {
    description: "How the API reaches its database",
    values: {
      RELATIONAL_DATABASE_URL: url,
      DB_USERNAME: username,
      DB_PASSWORD: password,
      username,
      password,
      engine: "postgres",
      host,
      port: String(port),
      dbname: databaseName,
    },
  };
}

/** The same for a database that is known by its URL. */
export function databaseSecretFromUrl(url: pulumi.Output<string>): SecretDefinition {
  const part = (name: "username" | "password"): pulumi.Output<string> =>
    url.apply((text) => decodeURIComponent(new URL(text)[name]));
  return {
    description: "How the API reaches its database",
    values: { RELATIONAL_DATABASE_URL: url, DB_USERNAME: part("username"), DB_PASSWORD: part("password") },
  };
}

/** How the API reaches its cache: by TLS only (`rediss`). */
export function cacheSecret(cache: {
  host: pulumi.Output<string>;
  port: number;
  authToken: pulumi.Output<string>;
}): SecretDefinition {
  return cacheSecretFromUrl(pulumi.interpolate`rediss://:${cache.authToken}@${cache.host}:${cache.port}`);
}

/** The same for a cache that is known by its URL. */
export function cacheSecretFromUrl(url: pulumi.Output<string>): SecretDefinition {
  return { description: "How the API reaches its cache", values: { REDIS_URL: url } };
}
