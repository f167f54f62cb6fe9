import { copyFile } from "node:fs/promises";
import type { Tables } from "../cloud/cloud.ts";
import { exists } from "./files.ts";
import type { Paths } from "./paths.ts";
import { killGroup } from "./processes.ts";
import { UserError } from "./user-error.ts";

/** The stand-in cloud as a session uses it. */
export interface StandIns {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface StandInOptions {
  readonly faults?: readonly string[];
  readonly region?: string;
  readonly tables?: Tables;
}

/**
 * Starts the stand-in cloud in this process.
 *
 * @param groups Process groups that the fault `die` ends together with this process; may grow.
 */
export async function startStandIns(
  paths: Paths,
  { faults, region, tables }: StandInOptions,
  groups: ReadonlySet<number>,
): Promise<StandIns> {
  const [{ startCloud }, { CloudFileError }] = await Promise.all([
    import("../cloud/cloud.ts"),
    import("../cloud/store.ts"),
  ]);
  const copy = `${paths.cloud}.bak`;
  try {
    const cloud = await startCloud({
      file: paths.cloud,
      ...(faults === undefined ? {} : { faults }),
      ...(region === undefined ? {} : { region }),
      ...(tables === undefined ? {} : { tables }),
      onDie: () => {
        for (const group of groups) killGroup(group);
        process.kill(process.pid, "SIGKILL");
      },
    });
    // It could be read, so it is worth a copy.
    await copyFile(paths.cloud, copy).catch(ignoreMissing);
    return cloud;
  } catch (error) {
    if (!(error instanceof CloudFileError)) throw error;
    const advice = (await exists(copy))
      ? ` The cloud as it was when the last command began is in ${copy}: cp ${copy} ${paths.cloud}, then "npm run sandbox -- refresh".`
      : "";
    throw new UserError(error.message + advice, { cause: error });
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
