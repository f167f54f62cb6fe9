import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import type { StackConfig } from "./config.ts";
import { type Environment, environmentTraits } from "./environments.ts";
import { secretPath } from "./names.ts";

/** Where the stack's backups, secrets and images are copied to. */
export interface Replica {
  region: string;
  /** Encrypts all copies. */
  kmsKeyArn: pulumi.Output<string>;
}

/**
 * The key for the copies in a second region, where the stack has one.
 *
 * Costs per month, in us-west-2, beyond what is charged by size: the key USD 1, each secret's copy 0.40. Backups are
 * 0.095 per GB (50 GB with 30 days of changes: about 7), images 0.10 per GB, and what crosses the regions 0.02 per GB.
 * About USD 12, or GBP 9, for production as it is committed.
 */
export function createReplica(config: StackConfig, accountId: pulumi.Output<string>): Replica | undefined {
  if (config.replicaRegion === undefined) return undefined;
  const key = new EncryptionKey(
    "replica-key",
    {
      description: "Copies of the stack's backups, secrets and images, and what is restored from them",
      accountId,
      region: config.replicaRegion,
      deletionWindowDays: config.traits.keyDeletionDays,
    },
    { protect: config.deletionProtection },
  );
  return { region: config.replicaRegion, kmsKeyArn: key.arn };
}

/** Whether the stack takes another environment's place, and with it the names in DNS that lead there. */
export function takesOver({ restore }: StackConfig): boolean {
  return restore.replicasOf !== undefined;
}

/** The value that a secret of another environment has under a key, by the last part of the secret's name. */
export type Inherit = (secret: string, key: string) => pulumi.Output<string>;

/** Reads the copies of another environment's secrets in this stack's region, where it starts from them. */
export function inheritance({ restore }: StackConfig): Inherit | undefined {
  const { replicasOf } = restore;
  if (replicasOf === undefined) return undefined;
  const read = new Map<string, pulumi.Output<Record<string, string>>>();
  return (secret, key) => {
    const name = secretName(replicasOf, secret);
    let content = read.get(name);
    if (content === undefined) read.set(name, (content = contentOf(name)));
    return content.apply((values) => {
      const value = values[key];
      if (value === undefined)
        throw new pulumi.RunError(
          `The copy of the secret ${name} has no "${key}". It has ${Object.keys(values).join(", ")}.`,
        );
      return value;
    });
  };
}

function secretName(environment: Environment, secret: string): string {
  return `${secretPath(environmentTraits[environment].secretSegment)}/${secret}`;
}

function contentOf(name: string): pulumi.Output<Record<string, string>> {
  const { secretString } = aws.secretsmanager.getSecretVersionOutput({ secretId: name });
  return pulumi.secret(secretString).apply((text) => JSON.parse(text) as Record<string, string>);
}
