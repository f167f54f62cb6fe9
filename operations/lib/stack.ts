import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { closest } from "../../stacks/config/nearest.ts";
import { defaultRegion } from "../../stacks/config/region.ts";
import { type Environment, environments, environmentTraits } from "../../stacks/environments.ts";
import { secretPath } from "../../stacks/names.ts";

const checkout = resolve(import.meta.dirname, "../..");

/** What an operation knows of a stack without asking Pulumi: what its committed configuration says. */
export interface Stack {
  readonly name: string;
  readonly environment: Environment;
  readonly region: string;
  /** Below which its secrets lie: `/macro-ai/production`. */
  readonly secretPath: string;
  /** What encrypts the secrets of its configuration, where it says so: `awskms://alias/...`. */
  readonly secretsProvider?: string;
}

/** A stack, or what is wrong with its name or its configuration. */
export type StackOutcome = { readonly stack: Stack } | { readonly problem: string };

/** A stack's name without its organization and project. */
export const shortName = (name: string): string => name.split("/").at(-1) ?? "";

/**
 * Reads `Pulumi.<name>.yaml`.
 *
 * @param name also with organization and project before it, as Pulumi shows it
 * @param folder where the files lie
 */
export function readStack(name: string, folder = checkout): StackOutcome {
  const short = shortName(name);
  const file = `Pulumi.${short}.yaml`;
  if (!/^[\w.-]+$/.test(short) || !existsSync(join(folder, file)))
    return { problem: unknownStack(name, folder) };
  const read = fileOf(readFileSync(join(folder, file), "utf8"));
  if (typeof read === "string") return { problem: `${file} ${read}. Mend it and run the command again.` };
  const { config, secretsprovider: provider } = read;
  const found = config["macro-ai:environment"];
  const environment = environments.find((known) => known === found);
  if (environment === undefined) {
    return {
      problem:
        `${file} has ${found === undefined ? "no macro-ai:environment" : `${JSON.stringify(found)} as macro-ai:environment`}; ` +
        `allowed are ${environments.join(", ")}. Set it: pulumi config set macro-ai:environment <environment> --stack ${short}`,
    };
  }
  const region = config["aws:region"];
  return {
    stack: {
      name: short,
      environment,
      region: typeof region === "string" ? region : defaultRegion,
      secretPath: secretPath(environmentTraits[environment].secretSegment),
      ...(typeof provider === "string" && { secretsProvider: provider }),
    },
  };
}

function unknownStack(name: string, folder: string): string {
  const known = readdirSync(folder).flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? []);
  const meant = closest(name, known);
  return (
    `--stack ${JSON.stringify(name)}: there is no configuration Pulumi.${name}.yaml; there are ${known.join(", ") || "none"}.` +
    (meant === undefined ? "" : ` Did you mean --stack ${meant}?`)
  );
}

/** What a stack's file has, or what is wrong with it. */
function fileOf(text: string): { config: Record<string, unknown>; secretsprovider?: unknown } | string {
  try {
    const { config, secretsprovider } = (parse(text) ?? {}) as Record<string, unknown>;
    return typeof config === "object" && config !== null
      ? { config: config as Record<string, unknown>, secretsprovider }
      : "has no config";
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The lines after the first show the text around the place, which may be a secret.
    return `is not YAML: ${error.message.split("\n")[0]?.replace(/:$/, "") ?? ""}`;
  }
}
