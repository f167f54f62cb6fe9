import type { Scale } from "../environments.ts";
import { keyText } from "./commands.ts";
import { type Problem, problemOf } from "./problems.ts";
import { readKeys } from "./reading.ts";
import { resolve, type ResolvedConfig } from "./resolve.ts";
import { checkTogether, type ScaleSizes } from "./rules.ts";
import { schema, type Settings } from "./schema.ts";

/** A configuration that can be used, or everything that is wrong with it. */
export type Outcome<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The sizes of a scale; what a stack of that scale sets is checked together with them. */
export type SizesByScale = Readonly<Partial<Record<Scale, ScaleSizes>>>;

/**
 * Checks a stack's configuration without Pulumi.
 *
 * @param raw All configuration under full names, as Pulumi hands it to a program: text, groups as JSON.
 * @param secretKeys The full names of those that are stored encrypted.
 * @param sizes @default - with nothing but itself
 */
export function parseConfig(
  raw: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  stackName: string,
  sizes?: SizesByScale,
): Outcome<ResolvedConfig<string>> {
  const outcome = checkConfig(raw, secretKeys, stackName, sizes);
  return outcome.ok ? { ok: true, config: resolve(outcome.config, stackName, (secret) => secret) } : outcome;
}

/** The checks of `parseConfig`, with the settings before anything is derived from them. */
export function checkConfig(
  raw: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  stackName: string,
  sizes: SizesByScale = {},
): Outcome<Settings> {
  const { values, findings } = readKeys(raw, secretKeys, stackName);
  // Wrong values stand here as their fixes would set them, so that one error also has what the fixes would lead to.
  const settings = schema.parse(values);
  const ofScale = sizes[settings.scale];
  const together = checkTogether({
    settings,
    sizes: {
      database: { ...ofScale?.database, ...settings.database },
      service: { ...ofScale?.service, ...settings.service },
    },
    stackName,
  });
  const blamed = new Set(findings.map(({ path }) => keyText(path)));
  const problems = [...findings, ...together.filter(({ path }) => !blamed.has(keyText(path)))].map(
    (finding) => problemOf(finding, stackName),
  );
  return problems.length === 0 ? { ok: true, config: settings } : { ok: false, problems };
}
