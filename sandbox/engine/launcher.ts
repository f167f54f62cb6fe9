import { existsSync, readdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { runCommand } from "./command.ts";
import { check, isExecutable } from "./on-path.ts";
import type { Search, Way } from "./way.ts";
import { isCompatible, pinnedVersion } from "./version.ts";

/** An unreachable server must not hold anybody up. */
const PROBE_LIMIT_MS = 5_000;
/** The launcher fetches some 150 MB. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;

/**
 * The npm package `pulumi`: a launcher that downloads the stock CLI on first use. It is run through npm rather than made a
 * dependency, because nobody who has an engine should install it. What it (or Pulumi's Automation API) has downloaded before
 * is used directly.
 */
export const launcher: Way = {
  source: "launcher",
  find: async (search) => {
    for (const pulumi of downloaded(search.env)) {
      const found = await check(pulumi, "launcher", search);
      if (found) return found;
    }
    return undefined;
  },
  obtain: async (search) => {
    await probe(search);
    const version = pinnedVersion();
    search.onProgress({ task: `downloading Pulumi ${version} by its npm launcher`, done: 0, total: 1 });
    await runCommand("npm", ["exec", "--yes", `--package=pulumi@${version}`, "--", "pulumi", "version"], {
      // Away from the checkout, whose own packages npm would otherwise look through.
      cwd: tmpdir(),
      env: {
        ...search.env,
        PULUMI_VERSION: version,
        npm_config_fetch_retries: "0",
        npm_config_loglevel: "error",
      },
      timeLimitMs: DOWNLOAD_LIMIT_MS,
      signal: search.signal,
    });
    const found = await launcher.find(search);
    if (!found)
      throw new Error(`the npm launcher left no pulumi in ${join(versions(search.env), version, "bin")}`);
    search.onProgress({ task: `downloading Pulumi ${version} by its npm launcher`, done: 1, total: 1 });
    return found;
  },
};

function versions(env: NodeJS.ProcessEnv): string {
  return join(env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi"), "versions");
}

/** The executables downloaded before: the pinned version first, then newer before older. */
function downloaded(env: NodeJS.ProcessEnv): string[] {
  const directory = versions(env);
  if (!existsSync(directory)) return [];
  const pinned = pinnedVersion();
  return readdirSync(directory)
    .filter((version) => isCompatible(version))
    .sort((a, b) => Number(b === pinned) - Number(a === pinned) || (isCompatible(a, b) ? -1 : 1))
    .map((version) => join(directory, version, "bin", "pulumi"))
    .filter(isExecutable);
}

async function probe(search: Search): Promise<void> {
  try {
    await fetch(search.downloadServer, {
      method: "HEAD",
      signal: AbortSignal.any([search.signal, AbortSignal.timeout(PROBE_LIMIT_MS)]),
    });
  } catch {
    search.signal.throwIfAborted();
    throw new Error(`${new URL(search.downloadServer).host} is not reachable`);
  }
}
