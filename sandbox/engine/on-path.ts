import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import type { Found, Search, Source, Way } from "./way.ts";
import { askVersion, isCompatible, MINIMUM_VERSION } from "./version.ts";

/** The `pulumi` a user has installed. */
export const onPath: Way = {
  source: "path",
  find: async (search) => {
    const candidates = executables("pulumi", search.env);
    if (candidates.length === 0) search.onSkip({ source: "path", reason: "no pulumi on PATH" });
    for (const pulumi of candidates) {
      const found = await check(pulumi, "path", search);
      if (found) return found;
    }
    return undefined;
  },
};

/** Every executable of this name on PATH, in its order, each once. */
export function executables(name: string, env: NodeJS.ProcessEnv): string[] {
  const paths = (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => resolve(directory, name))
    .filter(isExecutable);
  return [...new Map(paths.toReversed().map((path) => [realpathSync(path), path])).values()].toReversed();
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Takes a candidate if it answers with an acceptable version, and else says why not. */
export async function check(pulumi: string, source: Source, search: Search): Promise<Found | undefined> {
  try {
    const version = await askVersion(pulumi, {
      env: search.env,
      timeLimitMs: search.answerLimitMs,
      signal: search.signal,
    });
    if (isCompatible(version)) return { pulumi, version };
    search.onSkip({ source, reason: `${pulumi} is ${version}; 3.x from ${MINIMUM_VERSION} on is needed` });
  } catch (error) {
    search.signal.throwIfAborted();
    search.onSkip({ source, reason: `${pulumi}: ${(error as Error).message}` });
  }
  return undefined;
}

/** Whether the engine would find a Node language host by itself: beside the executable, or on PATH. */
export function hasLanguageHost(pulumi: string, env: NodeJS.ProcessEnv): boolean {
  const name = "pulumi-language-nodejs";
  return isExecutable(join(realpathSync(pulumi), "..", name)) || executables(name, env).length > 0;
}
