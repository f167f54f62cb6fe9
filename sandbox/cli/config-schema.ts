import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readIfThere } from "./files.ts";
import type { Paths } from "./paths.ts";

/** A value for a key that only an account's owner could fill in. */
export interface StandIn {
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** Stand-ins by the project's schema. Other programs than this project's have none and need none. */
export async function standInsOf(paths: Paths): Promise<readonly StandIn[]> {
  return (await schemaOf(paths))?.standIns() ?? [];
}

/** The keys whose values no committed file may hold. */
export async function secretKeysOf(paths: Paths): Promise<readonly string[]> {
  return (await schemaOf(paths))?.secretKeys() ?? [];
}

async function schemaOf(paths: Paths): Promise<typeof import("../../stacks/config/keys.ts") | undefined> {
  const source = join(paths.project, "stacks/config/keys.ts");
  if ((await readIfThere(source)) === undefined) return undefined;
  return (await import(pathToFileURL(source).href)) as typeof import("../../stacks/config/keys.ts");
}
