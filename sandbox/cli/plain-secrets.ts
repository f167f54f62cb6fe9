import { type CommandLine, valuesOf } from "./command-line.ts";
import { secretKeysOf } from "./config-schema.ts";
import type { Paths } from "./paths.ts";
import { readProject } from "./project.ts";
import { UserError } from "./user-error.ts";

/**
 * Refuses a command that would write a secret in plain text into the committed file, before Pulumi sees it. What this does
 * not recognize is held back when the command has ended: see `carryBack`.
 */
export async function refusePlainSecrets(paths: Paths, line: CommandLine): Promise<void> {
  const written = plainKeys(line);
  if (written.length === 0) return;
  const secrets = await secretKeysOf(paths);
  if (secrets.length === 0) return;
  const { name } = await readProject(paths);
  const found = secrets.find((secret) =>
    written.some((key) => {
      const full = fullKey(key, name);
      return full === secret || full.startsWith(`${secret}.`) || full.startsWith(`${secret}[`);
    }),
  );
  if (found !== undefined) throw new UserError(plainSecretText(found, line.stack));
}

export function plainSecretText(key: string, stack: string | undefined): string {
  const file = stack === undefined ? "the stack's committed file" : `the committed Pulumi.${stack}.yaml`;
  const flag = stack === undefined ? "" : ` --stack ${stack}`;
  return (
    `${key} is a secret: this would write it in plain text into ${file}. Nothing was written. ` +
    `Run: npm run sandbox -- config set --secret ${key}${flag} (it asks for the value, and keeps it in the sandbox)`
  );
}

/** The keys that a command may write in plain text; among them can be other words of it. */
function plainKeys({ args, words }: CommandLine): string[] {
  const [family, subcommand] = words;
  if (family !== "config") return valuesOf(args, ["--config", "-c"]).flatMap(keyOfPair);
  if (subcommand === "set-all") {
    return [
      ...valuesOf(args, ["--plaintext"]).flatMap(keyOfPair),
      ...valuesOf(args, ["--json"]).flatMap(plainKeysOfJson),
    ];
  }
  const isSecret = args.includes("--secret") || args.includes("--secret=true");
  return subcommand === "set" && !isSecret ? args.filter((arg) => !arg.startsWith("-")) : [];
}

/** The key of `key=value`, nothing for another word. */
function keyOfPair(pair: string): string[] {
  return pair.includes("=") ? [pair.slice(0, pair.indexOf("="))] : [];
}

/** The keys of what `config --json` prints, e.g. `{"macro-ai:scale": {"value": "hobby", "secret": false}}`. */
function plainKeysOfJson(text: string): string[] {
  try {
    const values = JSON.parse(text) as Readonly<Record<string, { secret?: unknown } | null>> | null;
    return Object.entries(values ?? {}).flatMap(([key, value]) => (value?.secret === true ? [] : [key]));
  } catch {
    // Pulumi refuses it.
    return [];
  }
}

/** Pulumi adds the project's name to a key without a namespace, and takes quoted names in a path. */
function fullKey(key: string, project: string): string {
  const plain = key
    .replaceAll(/\[\\?["']([^"'\]]+?)\\?["']\]/g, ".$1")
    .replace(/:\./, ":")
    .replace(/^\./, "")
    // The form of Pulumi's first versions.
    .replace(/^([^:]+):config:/, "$1:");
  return plain.includes(":") ? plain : `${project}:${plain}`;
}
