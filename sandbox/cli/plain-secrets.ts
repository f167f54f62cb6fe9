import type { CommandLine } from "./command-line.ts";
import { standInsOf } from "./config-schema.ts";
import type { Paths } from "./paths.ts";
import { readProject } from "./project.ts";
import { UserError } from "./user-error.ts";

/** Refuses a command that would write a secret in plain text into the committed file. */
export async function refusePlainSecrets(paths: Paths, line: CommandLine): Promise<void> {
  const written = plainKeys(line);
  if (written.length === 0) return;
  const secrets = (await standInsOf(paths)).filter(({ secret }) => secret).map(({ key }) => key);
  if (secrets.length === 0) return;
  const { name } = await readProject(paths);
  const found = written.map((key) => fullKey(key, name)).find((key) => secrets.includes(key));
  if (found !== undefined) throw new UserError(refusal(found, line.stack));
}

function refusal(key: string, stack: string | undefined): string {
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
  if (family !== "config") return pairsAfter(args, ["--config", "-c"]);
  if (subcommand === "set-all") return pairsAfter(args, ["--plaintext"]);
  const isSecret = args.includes("--secret") || args.includes("--secret=true");
  return subcommand === "set" && !isSecret ? args.filter((arg) => !arg.startsWith("-")) : [];
}

/** The keys of `--flag key=value`, `--flag=key=value` and `-ckey=value`. */
function pairsAfter(args: readonly string[], flags: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const joined = flags.find((flag) => arg.startsWith(flag) && arg !== flag);
    const pair =
      joined !== undefined
        ? arg.slice(joined.length).replace(/^=/, "")
        : flags.includes(args[index - 1] ?? "")
          ? arg
          : undefined;
    return pair?.includes("=") === true ? [pair.slice(0, pair.indexOf("="))] : [];
  });
}

/** Pulumi adds the project's name to a key without a namespace, and takes quoted names in a path. */
function fullKey(key: string, project: string): string {
  const plain = key.replaceAll(/\[\\?["']([^"'\]]+)["']\]/g, ".$1").replace(/:\./, ":");
  return plain.includes(":") ? plain : `${project}:${plain.replace(/^\./, "")}`;
}
