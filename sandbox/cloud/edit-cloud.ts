import { readFile, writeFile } from "node:fs/promises";
import type { StoredEntry } from "./store.ts";

/** The resources of a cloud file, by `<type>|<region>|<id>`. */
export type StoredResources = Record<string, StoredEntry>;

/**
 * Changes a cloud file past Pulumi, as somebody does in AWS's console. Only while no command is at work in it.
 *
 * @param edit Changes the resources in place.
 */
export async function editCloud(file: string, edit: (resources: StoredResources) => void): Promise<void> {
  const document = JSON.parse(await readFile(file, "utf8")) as { resources: StoredResources };
  edit(document.resources);
  await writeFile(file, JSON.stringify(document));
}
