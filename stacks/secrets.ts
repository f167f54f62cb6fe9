import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { SecretDefinition } from "../components/secret-set.ts";
import type { StackConfig } from "./config.ts";

/**
 * 48 letters and digits: about 285 bits, and nothing to escape in a URL, a DSN or a shell. ElastiCache's AUTH token
 * takes them as well (16 to 128 characters, few symbols).
 */
export function randomSecret(name: string): pulumi.Output<string> {
  return new RandomPassword(name, { length: 48, special: false }).result;
}

/** The secrets that have nothing to do with the scale. */
export function commonSecrets(config: StackConfig): Record<string, SecretDefinition> {
  return {
    "api-keys": {
      description: "What callers of the API present, and what its cookies are encrypted with",
      values: {
        API_KEY: randomSecret("secrets-api-key"),
        COOKIE_ENCRYPTION_KEY: randomSecret("secrets-cookie-encryption-key"),
      },
    },
    "external-services": {
      description: "Keys and identifiers of the services outside this stack",
      values: {
        OPENAI_API_KEY: config.secrets.openaiApiKey,
        AWS_COGNITO_USER_POOL_ID: config.secrets.cognitoUserPoolId,
        AWS_COGNITO_USER_POOL_CLIENT_ID: config.secrets.cognitoUserPoolClientId,
        AWS_COGNITO_USER_POOL_SECRET_KEY: config.secrets.cognitoUserPoolSecretKey,
      },
    },
  };
}

/** A login of a PostgreSQL server. */
export interface DatabaseLogin {
  username: string;
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
    .all([password, urlHost])
    .apply(
      ([secret, server]) =>
        `postgresql://${encodeURIComponent(username)}:${encodeURIComponent(secret)}@${server}:${port}/${databaseName}?sslmode=verify-full`,
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
