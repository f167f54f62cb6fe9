import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { dump } from "../lib/postgres-tools.ts";
import { databaseUrl } from "./database/secret.ts";
import type { Run } from "./run.ts";

/** At hobby, where no snapshot can be asked for: the whole database as a file, for its owner's eyes only. */
export async function takeDump(
  secrets: SecretsManagerClient,
  secretId: string,
  folder: string,
  run: Run,
  signal: AbortSignal,
): Promise<string> {
  const file = join(folder, `${run.id}.dump`);
  const size = (): Promise<number | undefined> =>
    stat(file).then(
      (found) => found.size,
      () => undefined,
    );
  if ((await size()) === undefined) {
    // Under its own name only when it is whole.
    await dump(await databaseUrl(secrets, secretId), `${file}.part`, signal);
    await rename(`${file}.part`, file);
  }
  return `${file} (${Math.ceil(((await size()) ?? 0) / 1024)} KiB) can be restored by pg_restore`;
}
