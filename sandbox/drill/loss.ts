/** The loss of a region, as it happens to the cloud file. */

import { editCloud } from "../cloud/edit-cloud.ts";
import type { StoredEntry } from "../cloud/store.ts";
import { SECRET, SECRET_VERSION } from "./checks.ts";

/** Services whose resources lie in no region, whichever one their entries bear. */
const withoutRegion = /^aws:(?:budgets|cloudfront|iam|route53)\//;

/**
 * Takes away all that lies in a region. What AWS keeps elsewhere stays: copies of backups and images are resources of
 * their own region, and a secret's copies go on without it.
 *
 * @returns How many resources are gone.
 */
export async function loseRegion(cloudFile: string, region: string): Promise<number> {
  const lost: StoredEntry[] = [];
  await editCloud(cloudFile, (resources) => {
    for (const [at, entry] of Object.entries(resources)) {
      if (entry.region !== region || withoutRegion.test(entry.type)) continue;
      lost.push(entry);
      Reflect.deleteProperty(resources, at);
    }
    for (const copy of copiesOfSecrets(lost)) resources[`${copy.type}|${copy.region}|${copy.id}`] = copy;
  });
  return lost.length;
}

/** Every copy of a lost secret as a secret of its own, with the value that it had. */
function copiesOfSecrets(lost: readonly StoredEntry[]): StoredEntry[] {
  return lost
    .filter(({ type }) => type === SECRET)
    .flatMap((secret) => {
      const versions = lost.filter(
        ({ type, state }) => type === SECRET_VERSION && state["secretId"] === secret.id,
      );
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
