import { randomBytes } from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";
import { keepNoEngineLogs } from "./engine-logs.ts";
import { readIfThere, replaceFile } from "./files.ts";
import { refuseLostPassphrase } from "./losses.ts";
import { executables, type Paths } from "./paths.ts";

/**
 * Variables of the user's that do not reach Pulumi: with AWS's it could reach an account, and with Pulumi's own the
 * sandbox would depend on who runs it (PULUMI_CONFIG_PASSPHRASE even goes before the passphrase file).
 */
const withheld = /^(?:AWS|PULUMI)_/;

/** What Pulumi needs in its environment to work in the sandbox and nowhere else. */
export function pulumiEnvironment(
  paths: Paths,
  ...additions: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !withheld.test(entry[0]),
  );
  const environment: Record<string, string> = {
    ...Object.fromEntries(kept),
    // Without the metadata, files beside the state that are not written in one step: a kill leaves them empty and
    // the state unreadable.
    PULUMI_BACKEND_URL: `${pathToFileURL(paths.state).href}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
    PULUMI_HOME: paths.home,
    // The SDK looks for an account's metadata service where it finds no credentials.
    AWS_EC2_METADATA_DISABLED: "true",
  };
  for (const { PATH: path, ...others } of additions) {
    Object.assign(environment, others);
    if (path !== undefined) environment["PATH"] = path;
  }
  environment["PATH"] = `${executables}${delimiter}${environment["PATH"] ?? ""}`;
  return environment;
}

/** Makes the folders and the passphrase that a sandbox begins with. */
export async function prepare(paths: Paths): Promise<void> {
  const isMade = (await readIfThere(paths.passphrase)) !== undefined;
  if (!isMade) await refuseLostPassphrase(paths);
  await Promise.all(
    [paths.state, paths.home, paths.config, paths.twin].map((folder) => mkdir(folder, { recursive: true })),
  );
  await keepNoEngineLogs(paths.home);
  if (isMade) return;
  await replaceFile(paths.passphrase, randomBytes(24).toString("base64url"), 0o600);
  await chmod(paths.passphrase, 0o600);
}
