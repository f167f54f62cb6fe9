import { mkdir, rm } from "node:fs/promises";
import lockfile from "proper-lockfile";
import { readIfThere, replaceFile } from "./files.ts";
import type { Paths } from "./paths.ts";
import { isRunning } from "./processes.ts";
import { UserError } from "./user-error.ts";

/** What a command writes about itself while it has the sandbox. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Process groups that it started. */
  readonly groups: readonly number[];
}

export interface Lock {
  /** The command before this one, when it was killed and could not clear up. */
  readonly interrupted: Holder | undefined;
  /** Writes down a process group, so that the next command can end it if this one is killed. */
  note(group: number): Promise<void>;
  release(): Promise<void>;
}

/** A command that has not touched its lock for so long has crashed, whatever its process id says. */
const STALE_AFTER_MS = 10 * 60_000;

/** One command at a time works in a sandbox: a second one is told who is there. */
export async function takeLock(paths: Paths, command: string): Promise<Lock> {
  await mkdir(paths.directory, { recursive: true });
  const unlock = await acquire(paths).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    const holder = await readHolder(paths);
    if (holder !== undefined && (await isRunning(holder.pid, "node")))
      throw new UserError(occupied(holder, paths));
    await rm(lockDirectory(paths), { recursive: true, force: true });
    return acquire(paths);
  });
  const interrupted = await readHolder(paths);
  let holder: Holder = { pid: process.pid, command, startedAt: new Date().toISOString(), groups: [] };
  const write = () => replaceFile(paths.lock, JSON.stringify(holder));
  let written = write();
  await written;
  return {
    interrupted,
    note: (group) => {
      holder = { ...holder, groups: [...holder.groups, group] };
      // One after another, so that the last one has them all.
      written = written.then(write);
      return written;
    },
    release: async () => {
      await rm(paths.lock, { force: true });
      await unlock();
    },
  };
}

function lockDirectory(paths: Paths): string {
  return `${paths.lock}.lock`;
}

function acquire(paths: Paths): Promise<() => Promise<void>> {
  return lockfile.lock(paths.directory, {
    lockfilePath: lockDirectory(paths),
    stale: STALE_AFTER_MS,
    update: 10_000,
  });
}

async function readHolder(paths: Paths): Promise<Holder | undefined> {
  const text = await readIfThere(paths.lock);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Holder);
  } catch {
    // Written by a command that was killed at that moment.
    return undefined;
  }
}

function occupied(holder: Holder, paths: Paths): string {
  const seconds = Math.round((Date.now() - Date.parse(holder.startedAt)) / 1000);
  return (
    `The sandbox ${paths.directory} is in use by "${holder.command}" (process ${holder.pid}, started ${seconds} s ago). ` +
    "Wait until it has ended, or give this command a sandbox of its own: MACRO_AI_SANDBOX=<folder>."
  );
}
