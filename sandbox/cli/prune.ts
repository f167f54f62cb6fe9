import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "./paths.ts";

/** How many updates of a stack Pulumi's history and backups go back; each keeps the whole state. */
const KEPT_UPDATES = 20;

/** Deletes what Pulumi keeps of older updates and never deletes itself. */
export async function prune(paths: Paths): Promise<void> {
  for (const kind of ["history", "backups"]) {
    const root = join(paths.state, ".pulumi", kind);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const byFolder = Map.groupBy(
      entries.filter((entry) => entry.isFile()),
      (entry) => entry.parentPath,
    );
    for (const [folder, files] of byFolder) {
      // Each update has one time in nanoseconds, and one or more files with it in their name.
      const byTime = Map.groupBy(files, ({ name }) => /\d{19}/.exec(name)?.[0] ?? "");
      const old = [...byTime.keys()]
        .filter((time) => time !== "")
        .sort()
        .slice(0, -KEPT_UPDATES);
      for (const time of old) {
        for (const { name } of byTime.get(time) ?? []) await rm(join(folder, name), { force: true });
      }
    }
  }
}
