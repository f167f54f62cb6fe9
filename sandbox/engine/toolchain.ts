import { readFileSync } from "node:fs";

import { runCommand } from "./command.ts";

/** `go` may fetch a newer toolchain of itself before it answers. */
const GO_LIMIT_MS = 3 * 60_000;
const QUICK_LIMIT_MS = 10_000;

/** The oldest Go that builds the engine, from go.mod. */
export function neededGo(): string {
  return /^go (\S+)/m.exec(readFileSync(new URL("go.mod", import.meta.url), "utf8"))?.[1] ?? "1.26";
}

/** `local` asks the installed Go only; `auto` lets Go from 1.21 on fetch the version that go.mod names. */
export type Toolchain = "local" | "auto";

/** @returns the version of Go that would build the engine. @throws if there is none, or only an older one. */
export async function goVersion(
  toolchain: Toolchain,
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<string> {
  const isLocal = toolchain === "local";
  const { stdout } = await runCommand("go", ["env", "GOVERSION"], {
    cwd: isLocal ? "/" : import.meta.dirname,
    env: isLocal ? { ...options.env, GOTOOLCHAIN: "local" } : options.env,
    timeLimitMs: isLocal ? QUICK_LIMIT_MS : GO_LIMIT_MS,
    signal: options.signal,
  });
  const version = /^go(\d+\.\d+(?:\.\d+)?)/.exec(stdout.trim())?.[1];
  if (!version)
    throw new Error(`"go env GOVERSION" printed ${JSON.stringify(stdout.slice(0, 80))}, not a version`);
  const needed = neededGo();
  if (version.localeCompare(needed, "en", { numeric: true }) < 0)
    throw new Error(`Go is ${version}; ${needed} is needed`);
  return version;
}
