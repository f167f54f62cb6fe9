import { join, resolve } from "node:path";

import { built, HOST_VARIABLE, installLanguageHost } from "./built.ts";
import { cacheRoot, compileCacheDirectory } from "./cache.ts";
import { launcher } from "./launcher.ts";
import { hasLanguageHost, onPath } from "./on-path.ts";
import type { OnProgress } from "./progress.ts";
import { neededGo } from "./toolchain.ts";
import type { Found, Search, Skipped, Source, Way } from "./way.ts";
import { MINIMUM_VERSION, pinnedVersion } from "./version.ts";

export type { Skipped, Source } from "./way.ts";

/** A pulumi CLI that can run this project's programs. */
export interface Engine {
  /** Absolute path of the executable. */
  pulumi: string;
  version: string;
  source: Source;
  /** What its process needs beside the caller's own environment; PATH is whole, not a prefix. */
  environment: Record<string, string>;
}

export interface LocateOptions {
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Hears how a download or a build comes on. @default - nobody does */
  onProgress?: OnProgress;
  /** Hears of each candidate that is passed over. @default - only the error says it */
  onSkip?: (skipped: Skipped) => void;
  /** Stops a download or a build and removes what it left. SIGINT and SIGTERM do the same. @default - none */
  signal?: AbortSignal;
  /** How long a CLI may take to say its version, in milliseconds. @default 10 000 */
  answerLimitMs?: number;
  /** The server the npm launcher downloads from. @default "https://get.pulumi.com/" */
  downloadServer?: string;
}

/** In order of preference: what the user chose, the stock release, our own build of it. */
const WAYS: readonly Way[] = [onPath, launcher, built];

/** No engine can be had. The message tells every way that was tried and how to make one of them work. */
export class EngineNotFoundError extends Error {
  readonly skipped: readonly Skipped[];

  constructor(skipped: readonly Skipped[]) {
    const tried = skipped.map(({ source, reason }) => `  - ${source}: ${reason}`).join("\n");
    super(
      `No Pulumi engine can be had on this machine.\nTried:\n${tried}\nOne of these is enough:\n${REMEDIES}`,
    );
    this.name = "EngineNotFoundError";
    this.skipped = skipped;
  }
}

const REMEDIES = [
  `install the Pulumi CLI, ${MINIMUM_VERSION} or newer, so that "pulumi version" works: https://www.pulumi.com/docs/install/`,
  `allow the npm launcher to reach get.pulumi.com, and run: npx pulumi@${pinnedVersion()} version`,
  `install Go ${neededGo()} or newer with access to its module proxy; the engine is then built once (4 to 6 min)`,
]
  .map((remedy, index) => `  ${index + 1}. ${remedy}`)
  .join("\n");

/** Looks for an engine that is already there; nothing is downloaded or built. */
export async function findEngine(options: LocateOptions = {}): Promise<Engine | undefined> {
  const search = toSearch(options, new AbortController().signal);
  const hit = await firstFound(search);
  return hit && toEngine(hit.found, hit.source, search.env);
}

/**
 * Finds an engine, or makes one: `pulumi` on PATH; what the npm launcher has downloaded; what was built before; else the
 * launcher is tried, and at last the pinned version is built from its Go modules and kept outside the checkout. Each step has a
 * time limit. Several processes may call it at once: one builds, the others wait for it.
 *
 * @throws EngineNotFoundError if no way works; the signal's reason if it was interrupted.
 */
export async function locateEngine(options: LocateOptions = {}): Promise<Engine> {
  const skipped: Skipped[] = [];
  const interrupt = interruptible(options.signal);
  const search = toSearch(options, interrupt.signal, skipped);
  try {
    const hit = await firstFound(search);
    if (hit) return await toEngine(hit.found, hit.source, search.env);
    for (const way of WAYS) {
      if (!way.obtain) continue;
      try {
        return await toEngine(await way.obtain(search), way.source, search.env);
      } catch (error) {
        search.signal.throwIfAborted();
        search.onSkip({ source: way.source, reason: (error as Error).message });
      }
    }
    throw new EngineNotFoundError(skipped);
  } finally {
    interrupt.dispose();
  }
}

async function firstFound(search: Search): Promise<{ found: Found; source: Source } | undefined> {
  for (const way of WAYS) {
    const found = await way.find(search);
    if (found) return { found, source: way.source };
  }
  return undefined;
}

function toSearch(options: LocateOptions, signal: AbortSignal, skipped: Skipped[] = []): Search {
  return {
    env: options.env ?? process.env,
    answerLimitMs: options.answerLimitMs,
    downloadServer: options.downloadServer ?? "https://get.pulumi.com/",
    onProgress: options.onProgress ?? (() => undefined),
    onSkip: (reason) => {
      skipped.push(reason);
      options.onSkip?.(reason);
    },
    signal,
  };
}

const CHECKOUT = resolve(import.meta.dirname, "../..");

async function toEngine({ pulumi, version }: Found, source: Source, env: NodeJS.ProcessEnv): Promise<Engine> {
  const hostDirectories: string[] = [];
  if (!hasLanguageHost(pulumi, env)) {
    const directory = join(cacheRoot(env), "language-host");
    await installLanguageHost(directory);
    hostDirectories.push(directory);
  }
  // The checkout's Node comes first: it runs TypeScript as it is, which the machine's own may not.
  const path = [join(CHECKOUT, "node_modules", ".bin"), ...hostDirectories, env["PATH"] ?? ""];
  return {
    pulumi,
    version,
    source,
    environment: {
      PATH: path.join(":"),
      [HOST_VARIABLE]: join(CHECKOUT, "sandbox", "engine", "language-host", "main.ts"),
      NODE_COMPILE_CACHE: env["NODE_COMPILE_CACHE"] ?? compileCacheDirectory(env),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Providers are attached, never installed.
      PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
}

/** Turns the caller's signal and the process's own into one, so that Ctrl-C stops what runs before the process ends. */
function interruptible(outer: AbortSignal | undefined): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => controller.abort(new Error(`interrupted by ${signal}`));
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) process.on(name, stop);
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
