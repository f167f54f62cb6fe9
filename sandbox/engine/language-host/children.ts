import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** How long an interrupted child may take to leave before it is killed. */
const GRACE_MS = 5_000;

const running = new Set<ChildProcess>();

/** Starts the `node` that comes first on PATH, and remembers it until it ends, so that no orphan outlives the host. */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn("node", args, options);
  running.add(child);
  child.once("close", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Asks a child to end, and kills it if it has not ended in time. */
export function interrupt(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  child.once("close", () => clearTimeout(timer));
}

export function interruptAll(): void {
  for (const child of running) interrupt(child);
}

/** For the moment when nobody is left to report to. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Resolves a module as a script in `directory` would. @throws if it is not installed there. */
export function locateModule(module: string, directory: string, install: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(
      `It looks like the Pulumi SDK has not been installed: ${module} is not found from ${directory}. Run ${install}.`,
    );
  }
}
