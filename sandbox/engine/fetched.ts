import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { cacheRoot } from "./cache.ts";

/**
 * Something in a folder of the shared cache, fetched when it is not there yet. Test files run at the same time: one
 * fetches, the others wait.
 *
 * @param shelf what kind of things lies together
 * @param name of the folder, with the version in it
 * @throws Error when fetching did not bring it
 */
export async function fetchedOnce(
  shelf: "test-servers" | "linters",
  name: string,
  find: (folder: string) => Promise<string | undefined>,
  fetch: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = join(cacheRoot(process.env), shelf, name);
  await mkdir(folder, { recursive: true });
  const release = await lockfile.lock(folder, { retries: { forever: true, maxTimeout: 1_000 } });
  try {
    const there = await find(folder);
    if (there !== undefined) return there;
    await fetch(folder);
    const fetched = await find(folder);
    if (fetched === undefined) throw new Error(`What was fetched into ${folder} is not what it should be.`);
    return fetched;
  } finally {
    await release();
  }
}
