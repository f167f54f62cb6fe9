import { exemptionsFrom, type Exemption } from "./exemptions.ts";
import { Reader } from "./reader.ts";
import type { Group, Rule } from "./rule.ts";

export const levels = ["disabled", "advisory", "mandatory"] as const;
export type Level = (typeof levels)[number];

/** Where a level applies: by key of the stack's configuration, the values for which it does; null is "not set". */
export type Where = Readonly<Record<string, readonly (string | null)[]>>;

/** How hard some rules bite in some stacks. */
export interface LevelSetting {
  /** Names of rules, or groups of them; `unproven` is what no rule could prove in the update. */
  rules: readonly string[];
  where: Where;
  level: Level;
}

/** Values of a rule's own settings. */
export type Settings = Readonly<Record<string, number | string | readonly string[]>>;

/** What a project decides about the pack; everything else is mandatory. */
export interface Configuration {
  levels: readonly LevelSetting[];
  /** By rule. */
  settings: Readonly<Record<string, Settings>>;
  /** Resource types that no rule judges, with the reason. */
  outOfScope: Readonly<Record<string, string>>;
  exemptions: readonly Exemption[];
}

export const emptyConfiguration: Configuration = {
  levels: [],
  settings: {},
  outOfScope: {},
  exemptions: [],
};

/** What the levels call what no rule could prove. */
export const UNPROVEN = "unproven";

/** A configuration that cannot be read, with every problem in it. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";

  constructor(problems: readonly string[]) {
    const shown = problems.map((problem) => `\n  ${problem}`).join("");
    super(`The policy pack's configuration has ${problems.length} problem(s):${shown}`);
  }
}

/** @throws ConfigurationError with every problem, each with its path */
export function readConfiguration(given: unknown, rules: readonly Rule[]): Configuration {
  const reader = new Reader();
  const root = reader.object(given ?? {}, "", ["levels", "settings", "outOfScope", "exemptions"]);
  const names = rules.map(({ name }) => name);
  const groups = rules.map(({ group }) => group);
  const configuration = {
    levels: reader.list(root["levels"], "levels", (entry, path) =>
      levelFrom(reader, entry, path, [...names, ...groups, UNPROVEN]),
    ),
    settings: settingsFrom(reader, root["settings"], rules),
    outOfScope: reader.record(root["outOfScope"], "outOfScope", (reason, path) =>
      reader.text(reason, path, "the reason why no rule judges the type"),
    ),
    exemptions: exemptionsFrom(reader, root["exemptions"], names),
  };
  if (reader.problems.length > 0) throw new ConfigurationError(reader.problems);
  return configuration;
}

function levelFrom(reader: Reader, given: unknown, path: string, rules: string[]): LevelSetting {
  const entry = reader.object(given, path, ["rules", "where", "level"]);
  return {
    rules: reader.list(entry["rules"], `${path}.rules`, (rule, at) => reader.oneOf(rule, at, rules)),
    where: reader.record(entry["where"], `${path}.where`, (values, at) =>
      reader.list(values, at, (value, item) =>
        value === null ? null : reader.text(value, item, "a value of that key, or null where it is not set"),
      ),
    ),
    level: reader.oneOf(entry["level"], `${path}.level`, [...levels]) as Level,
  };
}

function settingsFrom(reader: Reader, given: unknown, rules: readonly Rule[]): Record<string, Settings> {
  const configurable = rules.filter(({ settings }) => settings !== undefined);
  const own = reader.object(
    given ?? {},
    "settings",
    configurable.map(({ name }) => name),
  );
  return Object.fromEntries(
    Object.entries(own).map(([name, values]) => {
      const defaults = configurable.find((rule) => rule.name === name)?.settings ?? {};
      const path = `settings.${name}`;
      const entry = reader.object(values, path, Object.keys(defaults));
      return [
        name,
        Object.fromEntries(
          Object.entries(entry).map(([key, value]) => [
            key,
            settingFrom(reader, value, `${path}.${key}`, defaults[key]),
          ]),
        ),
      ];
    }),
  );
}

/** A value of the default's kind. */
function settingFrom(
  reader: Reader,
  value: unknown,
  path: string,
  preset: Settings[string] | undefined,
): Settings[string] {
  if (typeof preset === "number") return reader.number(value, path);
  if (typeof preset === "string") return reader.text(value, path, "text");
  return reader.list(value, path, (item, at) => reader.text(item, at, "text"));
}

/** Whether a stack's configuration is as `where` says; without conditions it always is. */
function applies(where: Where, stack: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([key, values]) => values.includes(stack[key] ?? null));
}

/** How hard a rule bites in this stack: the last setting that names it and applies; mandatory without one. */
export function levelOf(
  { name, group }: { name: string; group?: Group },
  { levels: settings }: Configuration,
  stack: Readonly<Record<string, string>>,
): Level {
  return (
    settings.findLast(
      ({ rules, where }) =>
        (rules.includes(name) || (group !== undefined && rules.includes(group))) && applies(where, stack),
    )?.level ?? "mandatory"
  );
}
