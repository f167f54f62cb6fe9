/** The loss of a region, as it happens to the cloud file. */

import { readFile, writeFile } from "node:fs/promises";
import type { StoredEntry } from "../cloud/store.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** Services whose resources lie in no region, whichever one their entries bear. */
const withoutRegion = /^aws:(?:budgets|cloudfront|iam|route53)\//;

/**
 * Takes away all that lies in a region. What AWS keeps elsewhere stays: copies of backups and images are resources of
 * their own region, and a secret's copies go on without it.
 *
 * @returns How many resources are gone.
 */
export async function loseRegion(cloudFile: string, region: string): Promise<number> {
  const document = JSON.parse(await readFile(cloudFile, "utf8")) as {
    resources: Record<string, StoredEntry>;
  };
  const all = Object.values(document.resources);
  const lost = all.filter((entry) => entry.region === region && !withoutRegion.test(entry.type));
  const left = all.filter((entry) => !lost.includes(entry));
  const resources = [...left, ...copiesOfSecrets(lost)];
  document.resources = Object.fromEntries(
    resources.map((entry) => [`${entry.type}|${entry.region}|${entry.id}`, entry]),
  );
  await writeFile(cloudFile, JSON.stringify(document));
  return lost.length;
}

/** Every copy of a lost secret as a secret of its own, with the value that it had. */
function copiesOfSecrets(lost: readonly StoredEntry[]): StoredEntry[] {
  return lost
    .filter(({ type }) => type === SECRET)
    .flatMap((secret) => {
      const versions = lost.filter(({ type, state }) => type === VERSION && state["secretId"] === secret.id);
      const replicas = (secret.inputs["replicas"] ?? []) as readonly { readonly region: string }[];
      return replicas.flatMap(({ region }) =>
        [secret, ...versions].map((entry) => moved(entry, secret, region)),
      );
    });
}

function moved(entry: StoredEntry, secret: StoredEntry, region: string): StoredEntry {
  const there = secret.id.replace(`:${secret.region}:`, `:${region}:`);
  const text = JSON.stringify({ ...entry, region }).replaceAll(secret.id, there);
  const copy = JSON.parse(text) as StoredEntry;
  return entry === secret ? { ...copy, inputs: { ...copy.inputs, replicas: [] } } : copy;
}
