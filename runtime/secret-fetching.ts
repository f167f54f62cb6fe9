import type { SecretsManagerClient, SecretsManagerClientConfig } from "@aws-sdk/client-secrets-manager";
import { malformed, readFailure } from "./secret-failures.ts";

/** One version of a secret. */
export interface SecretValue {
  readonly version: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads the current version of a secret, by its ARN or path. */
export type FetchSecret = (id: string, signal: AbortSignal) => Promise<SecretValue>;

/** Each attempt's limit; the SDK makes up to four, with growing pauses, as far as the caller's own limit allows. */
const limits = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_500, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

/**
 * Reads from Secrets Manager. The SDK is loaded with the first secret: a machine without AWS never waits for it.
 *
 * @throws SecretError that says what to do, and holds nothing of the secret
 */
export function secretsManager(config: SecretsManagerClientConfig = {}): FetchSecret {
  const clients = new Map<string | undefined, Promise<SecretsManagerClient>>();
  const clientIn = (region: string | undefined): Promise<SecretsManagerClient> => {
    const client = clients.get(region) ?? newClient({ ...limits, ...(region && { region }), ...config });
    clients.set(region, client);
    return client;
  };
  return async (id, abortSignal) => {
    try {
      const [client, { GetSecretValueCommand }] = await Promise.all([clientIn(regionOf(id)), sdk()]);
      const answer = await client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal });
      if (answer.SecretString === undefined) throw malformed(id, "it has no text");
      return { version: answer.VersionId ?? "", fields: parseFields(id, answer.SecretString) };
    } catch (error) {
      throw readFailure(id, error);
    }
  };
}

const sdk = () => import("@aws-sdk/client-secrets-manager");

async function newClient(config: SecretsManagerClientConfig): Promise<SecretsManagerClient> {
  const { SecretsManagerClient } = await sdk();
  return new SecretsManagerClient(config);
}

const regionOf = (id: string): string | undefined => /^arn:[^:]+:secretsmanager:([^:]+):/.exec(id)?.[1];

/** @throws SecretError */
function parseFields(id: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw malformed(id, "it is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(id, "it is no JSON object");
  }
  return Object.freeze(value) as Readonly<Record<string, unknown>>;
}
