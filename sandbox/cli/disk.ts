import { randomBytes } from "node:crypto";
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { InterruptListener } from "./signals.ts";
import { UserError } from "./user-error.ts";

const MEGABYTE = 1_000_000;
/** What a command sets aside in order to end in order on a full disk: states and their copies several times over. */
const RESERVE = 16 * MEGABYTE;
/** With less than this beside the reserve, a command ends. */
const LEAST = 4 * MEGABYTE;
const INTERVAL_MS = 200;

/** Bytes that the disk of this folder has left for this user. */
export type FreeSpace = (directory: string) => Promise<number>;

const freeSpace: FreeSpace = async (directory) => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

/**
 * Ends a command in order when the disk runs full. Left to itself, the engine overwrites its good state with the part of
 * the new one that the disk had room for (gocloud.dev's WriteAll renames what it has after a failed write), and that with
 * its copy as well.
 */
export class DiskGuard {
  readonly #reserve: string;
  #timer: NodeJS.Timeout | undefined;

  /** Sets the reserve aside, for which `requireSpace` has seen room, and begins to watch. */
  static async start(
    directory: string,
    interrupts: InterruptListener,
    free: FreeSpace = freeSpace,
  ): Promise<DiskGuard> {
    const guard = new DiskGuard(directory);
    try {
      // What compresses well would set nothing aside on some file systems.
      await writeFile(guard.#reserve, await promisify(randomBytes)(RESERVE), { mode: 0o600 });
    } catch (error) {
      await rm(guard.#reserve, { force: true });
      throw error;
    }
    guard.#watch(directory, interrupts, free);
    return guard;
  }

  private constructor(directory: string) {
    this.#reserve = join(directory, "reserve");
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await rm(this.#reserve, { force: true });
  }

  #watch(directory: string, interrupts: InterruptListener, free: FreeSpace): void {
    const look = async () => {
      const left = await free(directory).catch(() => Infinity);
      if (left >= LEAST || interrupts.reason !== undefined) return;
      clearInterval(this.#timer);
      await rm(this.#reserve, { force: true });
      interrupts.interrupt(
        `The disk that holds ${directory} is full, so the command was stopped. What it had done is saved: ` +
          "free some space and run it again.",
      );
    };
    this.#timer = setInterval(() => void look(), INTERVAL_MS).unref();
  }
}

/** Refuses to begin on a disk that is all but full. */
export async function requireSpace(directory: string, free: FreeSpace = freeSpace): Promise<void> {
  await mkdir(directory, { recursive: true });
  // What a killed command had set aside.
  await rm(join(directory, "reserve"), { force: true });
  const left = await free(directory);
  if (left >= RESERVE + LEAST) return;
  throw new UserError(
    `The disk that holds ${directory} has ${(left / MEGABYTE).toFixed(1)} MB left; a command needs ` +
      `${(RESERVE + LEAST) / MEGABYTE} MB to keep the states safe. Nothing was changed. ` +
      "Free some space, or keep the sandbox elsewhere: MACRO_AI_SANDBOX=<folder>.",
  );
}
