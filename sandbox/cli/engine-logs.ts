import { lstat, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The CLI keeps an encrypted log of all it does in its home: a megabyte and a seventh of the CPU time of each preview
 * (docs/speed.md), and it has no setting against it. Where a file stands in the folder's place it goes on without.
 */
export async function keepNoEngineLogs(home: string): Promise<void> {
  const logs = join(home, "logs");
  const found = await lstat(logs).catch(() => undefined);
  if (found?.isFile()) return;
  await rm(logs, { recursive: true, force: true });
  await writeFile(
    logs,
    "The sandbox keeps no logs of the engine. To see what it does: --logtostderr --verbose 9\n",
  );
}
