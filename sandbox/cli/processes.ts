import { readFile } from "node:fs/promises";

/**
 * Whether a process with this id runs, and is what is meant: ids are used again, after a restart above all.
 *
 * @param name A part of its command line. Only Linux can tell; elsewhere the id decides.
 */
export async function isRunning(pid: number, name: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  // Empty for a process that has ended and whose parent has not asked for its exit code.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  return commandLine === undefined ? process.platform !== "linux" : commandLine.includes(name);
}

/** Ends every process of a group at once; one that has ended is no error. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
