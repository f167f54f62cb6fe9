import { readFileSync } from "node:fs";

import { runCommand } from "./command.ts";

/**
 * The oldest CLI that is accepted: from here on every release knows --skip-plugin-pre-install. An older one downloads the
 * real providers before it attaches to the stand-ins, which needs the network and can hang.
 */
export const MINIMUM_VERSION = "3.248.0";

/** A CLI that does not print its version within this time is passed over. */
const ANSWER_LIMIT_MS = 10_000;

/** The version that is built or downloaded where none is installed: the one go.mod pins. */
export function pinnedVersion(goMod = new URL("go.mod", import.meta.url)): string {
  const version = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(readFileSync(goMod, "utf8"))?.[1];
  if (!version) throw new Error(`${goMod.pathname} does not require github.com/pulumi/pulumi/pkg/v3`);
  return version;
}

/** Asks a CLI for its version. @throws if it does not answer in time, or answers something else. */
export async function askVersion(
  pulumi: string,
  options: { env: NodeJS.ProcessEnv; timeLimitMs?: number | undefined; signal?: AbortSignal | undefined },
): Promise<string> {
  const { stdout } = await runCommand(pulumi, ["version"], {
    env: { ...options.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeLimitMs: options.timeLimitMs ?? ANSWER_LIMIT_MS,
    signal: options.signal,
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)\s*$/.exec(stdout)?.[1];
  if (!version)
    throw new Error(`"${pulumi} version" printed ${JSON.stringify(stdout.slice(0, 80))}, not a version`);
  return version;
}

/** Whether `version` is at least `minimum` and of the same major version; what stands behind the three numbers is ignored. */
export function isCompatible(version: string, minimum = MINIMUM_VERSION): boolean {
  const [got, least] = [numbers(version), numbers(minimum)];
  if (got[0] !== least[0]) return false;
  const first = got.findIndex((number, index) => number !== least[index]);
  return first === -1 || (got[first] ?? 0) > (least[first] ?? 0);
}

function numbers(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
