import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "./deadline.ts";
import { RotationError } from "./errors.ts";

/** What Secrets Manager knows of a secret's versions. */
export interface Description {
  rotationEnabled: boolean;
  /** Labels by version. */
  stages: Readonly<Record<string, readonly string[]>>;
}

/** A version that can be read. */
export interface Version {
  text: string;
  /** When it was written. */
  created: Date;
}

/** One secret in Secrets Manager. Every call ends with the deadline and repeats what AWS asks to repeat. */
export interface Store {
  describe: () => Promise<Description>;
  /** The version with this label; undefined when there is none, or none of text. */
  labelled: (stage: string) => Promise<Version | undefined>;
  /** The text of a version; undefined when it is empty. */
  written: (id: string) => Promise<string | undefined>;
  /** The same for one that must have a text: what was just written may take a moment to be readable. */
  version: (id: string) => Promise<string | undefined>;
  /** Writes a new version as AWSPENDING. False when it has a value already: then that one counts. */
  putPending: (id: string, text: string) => Promise<boolean>;
  /** Moves AWSCURRENT. False when it was not on `from` any more. */
  makeCurrent: (id: string, from: string | undefined) => Promise<boolean>;
}

/** Each attempt's limit; the SDK makes up to five, as far as the deadline allows. */
export const callLimits = {
  maxAttempts: 5,
  // Without the last the SDK only warns of a call that takes longer.
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
};

const READ_ATTEMPTS = 4;

/** One for all calls of the function, so that its connection and its credentials outlive one. */
const sharedClient = new SecretsManagerClient(callLimits);

/** @param secretId ARN or name */
export function secretStore(secretId: string, { signal }: Deadline, client = sharedClient): Store {
  const SecretId = secretId;
  const options = { abortSignal: signal };
  const read = async (
    which: { VersionStage: string } | { VersionId: string },
  ): Promise<Version | undefined> => {
    const { SecretString: text, CreatedDate } =
      (await unless("ResourceNotFoundException", () =>
        client.send(new GetSecretValueCommand({ SecretId, ...which }), options),
      )) ?? {};
    return text === undefined ? undefined : { text, created: CreatedDate ?? new Date(0) };
  };
  return {
    describe: async () => {
      const found = await describeSecret(client, SecretId, options);
      return { rotationEnabled: found.RotationEnabled ?? false, stages: found.VersionIdsToStages ?? {} };
    },
    labelled: (VersionStage) => read({ VersionStage }),
    written: async (VersionId) => (await read({ VersionId }))?.text,
    version: async (VersionId) => {
      for (let attempt = 1; ; attempt += 1) {
        const text = (await read({ VersionId }))?.text;
        if (text !== undefined || attempt === READ_ATTEMPTS) return text;
        await sleep(50 * 2 ** attempt, undefined, { signal });
      }
    },
    putPending: async (ClientRequestToken, SecretString) => {
      const put = new PutSecretValueCommand({
        SecretId,
        ClientRequestToken,
        SecretString,
        // Left out, AWSCURRENT would move at once.
        VersionStages: ["AWSPENDING"],
      });
      return (await unless("ResourceExistsException", () => client.send(put, options))) !== undefined;
    },
    makeCurrent: async (MoveToVersionId, RemoveFromVersionId) => {
      const move = new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId,
        ...(RemoveFromVersionId !== undefined && { RemoveFromVersionId }),
      });
      return (await unless("InvalidParameterException", () => client.send(move, options))) !== undefined;
    },
  };
}

/** @throws RotationError "secret-missing" */
export async function describeSecret(
  client: SecretsManagerClient,
  SecretId: string,
  options: { abortSignal: AbortSignal },
): Promise<DescribeSecretCommandOutput> {
  const found = await unless("ResourceNotFoundException", () =>
    client.send(new DescribeSecretCommand({ SecretId }), options),
  );
  if (!found) throw new RotationError("secret-missing", "There is no such secret.");
  return found;
}

async function unless<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  }
}
