import { existsSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { lock } from "proper-lockfile";

import { build } from "./build.ts";
import { engineDirectory } from "./cache.ts";
import { check } from "./on-path.ts";
import type { Found, Search, Way } from "./way.ts";
import { pinnedVersion } from "./version.ts";

/** A build that is under way beside ours is waited for; its owner renews the lock every few seconds while it lives. */
const LOCK = { stale: 15_000, update: 5_000, realpath: false } as const;
const LOCK_RETRY_MS = 500;
const LOCK_WAIT_LIMIT_MS = 60 * 60_000;

/** Executable, temporary objects and Go's own caches together take up to 3.5 GB; less than this is a sure failure. */
const NEEDED_BYTES = 1_000_000_000;

const RECEIPT = "built.json";
const LANGUAGE_HOST = "pulumi-language-nodejs";
/** Names the checkout's language host to the executable that lies beside the cached engine. */
export const HOST_VARIABLE = "MACRO_AI_LANGUAGE_HOST";

const HOST_WRAPPER = `#!/bin/sh
if [ -z "$${HOST_VARIABLE}" ]; then
  echo "${HOST_VARIABLE} is not set: start this engine with npm run sandbox, which sets it." >&2
  exit 1
fi
exec node "$${HOST_VARIABLE}" "$@"
`;

/** The engine built from committed Go modules, once a version and machine. */
export const built: Way = {
  source: "built",
  find: async (search) => {
    const directory = engineDirectory(search.env);
    const pulumi = join(directory, "pulumi");
    if (!existsSync(pulumi)) return undefined;
    const found = (await isAsBuilt(directory))
      ? { pulumi, version: pinnedVersion() }
      : await recheck(directory, search);
    if (found) await installLanguageHost(directory);
    return found;
  },
  obtain: async (search) => {
    const directory = engineDirectory(search.env);
    await mkdir(dirname(directory), { recursive: true });
    const release = await acquire(directory, search);
    try {
      // Another process may have built it while this one waited.
      return (await built.find(search)) ?? (await buildInto(directory, search));
    } finally {
      await release().catch(() => undefined); // lost locks are harmless here: the rename below is atomic
    }
  },
};

async function acquire(directory: string, search: Search): Promise<() => Promise<void>> {
  const lockfilePath = `${directory}.lock`;
  const task = "waiting for another process that builds the engine";
  const deadline = Date.now() + LOCK_WAIT_LIMIT_MS;
  for (let waiting = false; ; waiting = true) {
    search.signal.throwIfAborted();
    try {
      const release = await lock(directory, { ...LOCK, lockfilePath, onCompromised: () => undefined });
      if (waiting) search.onProgress({ task, done: 1, total: 1 });
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (Date.now() > deadline)
        throw new Error(`another process has held ${lockfilePath} for an hour`, { cause: error });
      if (!waiting) search.onProgress({ task, done: 0, total: 1 });
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }
}

async function buildInto(directory: string, search: Search): Promise<Found> {
  const parent = dirname(directory);
  const prefix = `.${basename(directory)}-partial-`;
  await removeAll(parent, prefix); // what killed builds left; the lock says that none is running
  await checkSpace(parent);
  const partial = await mkdtemp(join(parent, prefix));
  try {
    await build(partial, search);
    await rm(join(partial, "tmp"), { recursive: true, force: true });
    await installLanguageHost(partial);
    await writeReceipt(partial);
    await rm(directory, { recursive: true, force: true });
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return { pulumi: join(directory, "pulumi"), version: pinnedVersion() };
}

async function removeAll(parent: string, prefix: string): Promise<void> {
  const left = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function checkSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= NEEDED_BYTES) return;
  const free = Math.round((bavail * bsize) / 1e6);
  throw new Error(
    `only ${free} MB are free in ${directory}; the build needs at least ${NEEDED_BYTES / 1e6} MB`,
  );
}

/** Tells an executable that was changed or cut off since it was verified, without the cost of starting it. */
async function receipt(pulumi: string): Promise<{ size: number; modifiedMs: number }> {
  const { size, mtimeMs } = await stat(pulumi);
  return { size, modifiedMs: mtimeMs };
}

/** A cache that was copied, as between CI jobs, may have other times; what still answers is good, and noted as such. */
async function recheck(directory: string, search: Search): Promise<Found | undefined> {
  const pulumi = join(directory, "pulumi");
  const found = await check(pulumi, "built", search);
  if (found) await writeReceipt(directory).catch(() => undefined); // in a read-only cache it is asked each time
  return found;
}

async function writeReceipt(directory: string): Promise<void> {
  await writeFile(join(directory, RECEIPT), JSON.stringify(await receipt(join(directory, "pulumi"))));
}

async function isAsBuilt(directory: string): Promise<boolean> {
  const written = await readFile(join(directory, RECEIPT), "utf8").catch(() => "");
  return written === JSON.stringify(await receipt(join(directory, "pulumi")));
}

/** Puts an executable `pulumi-language-nodejs` there that runs the checkout's language host. */
export async function installLanguageHost(directory: string): Promise<void> {
  const file = join(directory, LANGUAGE_HOST);
  if ((await readFile(file, "utf8").catch(() => "")) === HOST_WRAPPER) return;
  await mkdir(directory, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, HOST_WRAPPER);
  await chmod(temporary, 0o755);
  await rename(temporary, file);
}
