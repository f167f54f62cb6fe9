import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument, stringify } from "yaml";
import { readIfThere, replaceFile } from "./files.ts";
import { omit } from "./omit.ts";
import { parseYaml } from "./yaml-file.ts";

type Config = Record<string, unknown>;

interface StackFile {
  encryptionsalt?: string;
  config?: Config | null;
  [other: string]: unknown;
}

/** A stack's two files: the committed one, and the one of the sandbox that Pulumi is given in its place. */
export interface StackFiles {
  readonly committed: string;
  readonly sandbox: string;
}

/**
 * Writes the sandbox's file anew from the committed one. Values encrypted for a real deployment cannot be read here
 * and are left out; the sandbox's own key salt and secrets stay.
 *
 * @param standIns Plain values for keys that the committed file leaves open.
 */
export async function writeSandboxFile(
  files: StackFiles,
  standIns: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const committed = await readStackFile(files.committed);
  const own = await readStackFile(files.sandbox);
  const kept = omit(committed, ["secretsprovider", "encryptedkey", "encryptionsalt"]);
  const config: Config = { ...standIns, ...(withoutSecrets(committed.config ?? {}) as Config) };
  for (const { path, value } of secrets(own.config ?? {})) place(config, path, value);
  const salt = own.encryptionsalt === undefined ? {} : { encryptionsalt: own.encryptionsalt };
  await replaceFile(files.sandbox, stringify({ ...salt, ...kept, config }, { lineWidth: 0 }), 0o600);
  return config;
}

/** What a command changed in the sandbox's file, by key. */
export interface ConfigChange {
  /** Carried over into the committed file. */
  readonly committed: readonly string[];
  /** Secrets, which stay in the sandbox. */
  readonly kept: readonly string[];
  /** Secrets in plain text, which go nowhere. */
  readonly refused: readonly string[];
}

/**
 * Carries plain values that a command changed over into the committed file, comments and order kept.
 *
 * @param secretKeys Keys whose values no committed file may hold. @default - none
 */
export async function carryBack(
  files: StackFiles,
  before: Config,
  secretKeys: readonly string[] = [],
): Promise<ConfigChange> {
  const after = (await readStackFile(files.sandbox)).config ?? {};
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
  const isSecret = (key: string) => secrets({ [key]: after[key] ?? before[key] }).length > 0;
  const isRefused = (key: string) => secretKeys.includes(key) && key in after && !isSecure(after[key]);
  const plain = changed.filter((key) => !isSecret(key) && !isRefused(key));
  if (plain.length > 0) {
    const document = parseDocument((await readIfThere(files.committed)) ?? "config: {}\n");
    if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
    for (const key of plain) {
      if (key in after) document.setIn(["config", key], after[key]);
      else document.deleteIn(["config", key]);
    }
    await replaceFile(files.committed, document.toString({ lineWidth: 0 }));
  }
  return {
    committed: plain,
    kept: changed.filter((key) => isSecret(key) && !isRefused(key)),
    refused: changed.filter(isRefused),
  };
}

async function readStackFile(file: string): Promise<StackFile> {
  const text = await readIfThere(file);
  return text === undefined ? {} : ((parseYaml(text, file) as StackFile | null) ?? {});
}

type Path = readonly (string | number)[];

function isSecure(value: unknown): value is { secure: string } {
  return typeof value === "object" && value !== null && "secure" in value && Object.keys(value).length === 1;
}

function secrets(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (isSecure(value)) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => secrets(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => secrets(item, [...path, key]));
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isSecure(item)).map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => !isSecure(item));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutSecrets(item)]));
}

/** Puts a secret where it was, unless the committed file now has a plain value there or no longer what it was in. */
function place(config: Config, path: Path, value: unknown): void {
  let at: unknown = config;
  for (const step of path.slice(0, -1)) {
    if (typeof at !== "object" || at === null) return;
    at = (at as Record<string | number, unknown>)[step];
  }
  const last = path.at(-1);
  if (last === undefined || typeof at !== "object" || at === null || last in at) return;
  (at as Record<string | number, unknown>)[last] = value;
}
