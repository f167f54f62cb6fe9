import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Holder } from "./lock.ts";
import { killGroup } from "./pulumi.ts";

/**
 * Ends what a killed command left running. Its Pulumi has lost its providers and would go on writing the state.
 *
 * @returns Whether there was any.
 */
export async function endLeftovers(holder: Holder): Promise<boolean> {
  const groups = holder.groups.filter(isRunning);
  const ours: number[] = [];
  for (const group of groups) if (await isPulumi(group)) ours.push(group);
  for (const group of ours) killGroup(group);
  for (let tries = 0; tries < 50 && ours.some(isRunning); tries += 1) await sleep(20);
  return ours.length > 0;
}

function isRunning(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** The id may have gone to another process since; only Linux can tell, and elsewhere ids are seldom used again so soon. */
async function isPulumi(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  return commandLine === undefined ? process.platform !== "linux" : commandLine.includes("pulumi");
}
