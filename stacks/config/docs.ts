import { type Environment, environments, environmentTraits, type Scale, scales } from "../environments.ts";
import { keyText, namespace } from "./commands.ts";
import { defaultsOf } from "./defaults.ts";
import { scales as sizes } from "../scales.ts";
import { isGroup, type Key, keys, singleKeys } from "./keys.ts";

/** README.md's section on configuration, in Markdown. */
export function configurationSection(): string {
  const entries = [...keys.values()];
  const top = entries.flatMap((entry) => (isGroup(entry) ? [] : [entry]));
  return [
    introduction,
    table(keyColumns, top.filter(({ field }) => field.secretOf === undefined).map(keyRow)),
    "### Secrets",
    `Stored encrypted: \`pulumi config set --secret ${namespace}:openaiApiKey\` asks for the value. In plain text they are refused.`,
    table(["Key", "Meaning", "Looks like", "Needed by"], singleKeys().flatMap(secretRow)),
    "### Groups",
    `Members are set by path, for example \`pulumi config set --path ${namespace}:database.instanceClass db.r6g.large\`.`,
    table(
      keyColumns,
      entries.flatMap((entry) => (isGroup(entry) ? [...entry.members.values()] : [])).map(keyRow),
    ),
    "### What the environment decides",
    table(
      ["", ...environments],
      traitRows.map(([label, cell]) => [label, ...environments.map(cell)]),
    ),
  ].join("\n\n");
}

const introduction = `A stack's configuration lies in \`Pulumi.<stack>.yaml\` and is changed by \`pulumi config set\`. What is wrong with it is
told in one error, before anything is deployed, with the command that mends each point.`;

const keyColumns = ["Key", "Meaning", "Allowed", "Without it"];

const traitRows: readonly (readonly [label: string, cell: (environment: Environment) => string])[] = [
  ["Secrets under", (name) => code(`/macro-ai/${environmentTraits[name].secretSegment}/`)],
  ["Deletion protection", (name) => (environmentTraits[name].deletionProtection ? "on" : "off")],
  ["Backups kept, days", (name) => String(environmentTraits[name].backupRetentionDays)],
  ["Logs kept, days", (name) => String(environmentTraits[name].logRetentionDays)],
  [
    "A deleted secret can be restored for, days",
    (name) => String(environmentTraits[name].secretRecoveryDays),
  ],
  ["A deleted KMS key can be restored for, days", (name) => String(environmentTraits[name].keyDeletionDays)],
  ...scales.map(
    (scale) =>
      [
        `Budget at ${scale}, GBP a month`,
        (name: Environment) => String(environmentTraits[name].monthlyBudget[scale]),
      ] as const,
  ),
];

function keyRow(key: Key): string[] {
  const { path, field } = key;
  return [code(keyText(path)), field.description, field.allowed, withoutIt(key)];
}

function secretRow({ path, field }: Key): string[][] {
  if (field.secretOf === undefined) return [];
  const { secretOf } = field;
  const neededBy = secretOf.length === scales.length ? "every stack" : secretOf.join(", ") || "no stack";
  return [[code(keyText(path)), field.description, code(field.allowed), neededBy]];
}

function withoutIt(key: Key): string {
  if (key.required) return "an error";
  if (key.default !== undefined) return code(String(key.default));
  return key.field.unset ?? derived(key);
}

/** Sums up what a key is without being set, over every environment and scale. */
function derived({ path }: Key): string {
  const at = (environment: Environment, scale: Scale): string =>
    lookUp({ ...sizes, ...defaultsOf(environment, scale) }, path);
  const combinations = environments.flatMap((environment) => scales.map((scale) => ({ environment, scale })));
  const values = combinations.map(({ environment, scale }) => at(environment, scale));
  const isSame = (all: readonly string[]): boolean => new Set(all).size === 1;
  const [first = ""] = values;
  if (isSame(values)) return code(first);
  if (scales.every((scale) => isSame(environments.map((environment) => at(environment, scale))))) {
    return scales.map((scale) => `${scale}: ${code(at(environments[0], scale))}`).join(", ");
  }
  // A switch that is on somewhere: naming the places is shorter than a table.
  const on = combinations.filter(({ environment, scale }) => at(environment, scale) === "true");
  if (on.length === 0) return "by environment, in the table below";
  const places = environments
    .filter((name) => on.some(({ environment }) => environment === name))
    .map((name) => {
      const there = on.filter(({ environment }) => environment === name).map(({ scale }) => scale);
      return there.length === scales.length ? name : `${name} at ${there.join()}`;
    });
  return `${code("true")} in ${places.join(" and ")}, else ${code("false")}`;
}

function lookUp(defaults: object, path: readonly string[]): string {
  const value = path.reduce<unknown>(
    (inner, name) => Object.entries(inner ?? {}).find(([key]) => key === name)?.[1] as unknown,
    defaults,
  );
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  throw new Error(`${path.join(".")} has neither a default nor a text for its absence.`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
