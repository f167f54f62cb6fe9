import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { OperationError } from "../../lib/operation-error.ts";

const credentials = z.object({ RELATIONAL_DATABASE_URL: z.string() });

/**
 * Reads where the API's database is, and who it is there.
 *
 * @throws OperationError that names the secret, never what is in it
 */
export async function databaseUrl(client: SecretsManagerClient, secretId: string): Promise<string> {
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const parsed = credentials.safeParse(json(SecretString));
  if (parsed.success) return parsed.data.RELATIONAL_DATABASE_URL;
  throw new OperationError(
    `The secret ${secretId} has no RELATIONAL_DATABASE_URL: see docs/runbooks/secrets.md.`,
  );
}

/** The error of JSON.parse would quote the secret. */
function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
