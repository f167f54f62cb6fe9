import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { pinnedVersion } from "./version.ts";

/** Overrides where engines are kept. */
export const CACHE_VARIABLE = "MACRO_AI_CACHE_DIR";

/** The folder outside the checkout that all checkouts share: $MACRO_AI_CACHE_DIR, else the user's cache folder. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const own = env[CACHE_VARIABLE];
  if (own) return own;
  const user = env["XDG_CACHE_HOME"] ?? join(env["HOME"] ?? homedir(), ".cache");
  return join(user, "macro-ai-infrastructure");
}

/** Where the pinned engine is kept once built. Another version, platform or set of modules is another folder. */
export function engineDirectory(env: NodeJS.ProcessEnv): string {
  const sums = readFileSync(new URL("go.sum", import.meta.url));
  const digest = createHash("sha256").update(sums).digest("hex").slice(0, 8);
  return join(cacheRoot(env), "engine", `${pinnedVersion()}-${process.platform}-${process.arch}-${digest}`);
}

/** Where Node keeps compiled scripts for the host, the program and the policy pack. */
export function compileCacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(cacheRoot(env), "node-compile-cache");
}

/** The size of a folder's files in bytes; 0 if there is none. */
export async function directorySize(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        (found) => found.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
