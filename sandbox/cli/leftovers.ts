import { setTimeout as sleep } from "node:timers/promises";
import type { Holder } from "./lock.ts";
import { isRunning, killGroup } from "./processes.ts";

const PATIENCE_MS = 2000;

/** Ends the Pulumi that a killed command left running: it has lost its providers and would go on writing the state. */
export async function endLeftovers(holder: Holder): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (const group of holder.groups) {
    if (!(await isRunning(group, "pulumi"))) continue;
    killGroup(group);
    while ((await isRunning(group, "pulumi")) && Date.now() < deadline) await sleep(20);
  }
}
