import { existsSync, statfsSync } from "node:fs";
import { delimiter, resolve } from "node:path";

import { cacheRoot, CACHE_VARIABLE, directorySize } from "./cache.ts";
import { runCommand } from "./command.ts";
import type { Engine, LocateOptions, Skipped } from "./locate.ts";
import { findEngine } from "./locate.ts";
import { executables } from "./on-path.ts";
import { goVersion, neededGo } from "./toolchain.ts";
import { MINIMUM_VERSION, pinnedVersion } from "./version.ts";

/** Node runs TypeScript as it is from this version on. */
const NEEDED_NODE = "22.18.0";
const NEEDED_MB = { withEngine: 200, withoutEngine: 4_000 } as const;
const HOST_LIMIT_MS = 10_000;

export interface Check {
  name: string;
  /** `missing` is needed here; `absent` could be had, and nothing needs it. */
  state: "ok" | "absent" | "missing";
  found: string;
  /** What to do about it. @default - nothing */
  fix?: string;
}

/** Looks at everything the offline cloud needs on this machine. Nothing is downloaded or built. */
export async function diagnose(options: LocateOptions = {}): Promise<Check[]> {
  const env = options.env ?? process.env;
  const skipped: Skipped[] = [];
  const engine = await findEngine({ ...options, onSkip: (candidate) => skipped.push(candidate) });
  const go = await checkGo(env, engine);
  return [
    checkNode(),
    checkEngine(engine, skipped, go),
    ...skipped.map(({ source, reason }): Check => ({
      name: `  passed over (${source})`,
      state: "absent",
      found: reason,
    })),
    go,
    ...(engine ? [await checkLanguageHost(engine, env)] : []),
    await checkCache(env),
    checkDisk(env, engine),
    checkState(),
  ];
}

function checkNode(): Check {
  const found = `${process.version} (${process.execPath})`;
  if (atLeast(process.versions.node, NEEDED_NODE)) return { name: "node", state: "ok", found };
  return {
    name: "node",
    state: "missing",
    found,
    fix: `npm ci installs one that is new enough (${NEEDED_NODE}) for npm scripts`,
  };
}

function checkEngine(engine: Engine | undefined, skipped: readonly Skipped[], go: Check): Check {
  if (engine) {
    const how = { path: "on PATH", launcher: "from the npm launcher", built: "built here" }[engine.source];
    return { name: "engine", state: "ok", found: `pulumi ${engine.version}, ${how}: ${engine.pulumi}` };
  }
  if (go.state === "ok") {
    return {
      name: "engine",
      state: "absent",
      found: skipped.some(({ reason }) => reason.includes("is needed"))
        ? "none that is new enough"
        : "none yet",
      fix: `npm start downloads Pulumi ${pinnedVersion()}, or builds it with Go once (4 to 6 min)`,
    };
  }
  return {
    name: "engine",
    state: "missing",
    found: "none",
    fix: `install pulumi ${MINIMUM_VERSION} or newer, or Go ${neededGo()}, or run: npx pulumi@${pinnedVersion()} version`,
  };
}

async function checkGo(env: NodeJS.ProcessEnv, engine: Engine | undefined): Promise<Check> {
  try {
    return { name: "go", state: "ok", found: await goVersion("local", { env }) };
  } catch (error) {
    const found = (error as Error).message;
    return {
      name: "go",
      state: "absent",
      found: engine ? `${found} (only needed to build an engine)` : found,
    };
  }
}

/** Starts the host as the engine does: it must print a port. */
async function checkLanguageHost(engine: Engine, env: NodeJS.ProcessEnv): Promise<Check> {
  const full = { ...env, ...engine.environment };
  const beside = { ...full, PATH: [resolve(engine.pulumi, ".."), full["PATH"] ?? ""].join(delimiter) };
  const host = executables("pulumi-language-nodejs", beside)[0];
  if (!host)
    return {
      name: "language host",
      state: "missing",
      found: "none",
      fix: "reinstall the Pulumi CLI with its language hosts",
    };
  try {
    const version = await hostAnswer(host, beside);
    return { name: "language host", state: "ok", found: `${host} ${version}` };
  } catch (error) {
    return { name: "language host", state: "missing", found: (error as Error).message, fix: "npm ci" };
  }
}

async function hostAnswer(host: string, env: NodeJS.ProcessEnv): Promise<string> {
  const stop = new AbortController();
  let port = "";
  await runCommand(host, ["127.0.0.1:1"], {
    env,
    timeLimitMs: HOST_LIMIT_MS,
    signal: stop.signal,
    onLine: (line) => {
      port = line;
      stop.abort();
    },
  }).catch((error: unknown) => {
    if (!/^\d+$/.test(port)) throw error;
  });
  return "answers";
}

async function checkCache(env: NodeJS.ProcessEnv): Promise<Check> {
  const directory = cacheRoot(env);
  const size = existsSync(directory)
    ? `${Math.round((await directorySize(directory)) / 1e6)} MB`
    : "not made yet";
  return { name: "cache", state: "ok", found: `${directory}, ${size} (${CACHE_VARIABLE} moves it)` };
}

function checkDisk(env: NodeJS.ProcessEnv, engine: Engine | undefined): Check {
  const needed = engine ? NEEDED_MB.withEngine : NEEDED_MB.withoutEngine;
  let directory = cacheRoot(env);
  while (!existsSync(directory)) directory = resolve(directory, "..");
  const { bavail, bsize } = statfsSync(directory);
  const free = Math.round((bavail * bsize) / 1e6);
  const found = `${free} MB free`;
  if (free >= needed) return { name: "disk", state: "ok", found };
  return { name: "disk", state: "missing", found, fix: `free ${needed} MB in ${directory}` };
}

function checkState(): Check {
  const directory = resolve(import.meta.dirname, "../../.sandbox");
  return {
    name: "state",
    state: "ok",
    found: existsSync(directory) ? directory : `${directory}, not made yet`,
  };
}

function atLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}
