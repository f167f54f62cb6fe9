import pc from "picocolors";
import { forSandbox } from "./for-sandbox.ts";
import { isOfCloud, partsOf } from "./components.ts";
import { type Diagnostic, type PolicyEvent, type Tally, urnName } from "./events.ts";
import { shown } from "./paths.ts";
import { seconds } from "./progress.ts";
import type { State } from "./state.ts";

export type Action = "up" | "preview" | "destroy";

/** The exit code of a command that the user interrupted. */
export const INTERRUPTED = 130;

export type Halt = "refused by its preview" | "stopped in its preview";

/** What `npm start` did to one stack. */
export interface StackResult {
  readonly stack: string;
  readonly action: Action;
  readonly tally: Tally;
  readonly exitCode: number;
  /** How the preview before an update ended it, so that nothing was changed. */
  readonly halt?: Halt | undefined;
  readonly stderr: string;
  readonly milliseconds: number;
  /** After the operation. */
  readonly state: State | undefined;
}

/** What a person reads of one stack at the end: failures in full, then what is there. */
export function summaryText(result: StackResult): string {
  const failed = result.exitCode !== 0;
  const mark = failed ? pc.red("✖") : pc.green("✔");
  const title = `${mark} ${pc.bold(result.stack)}: ${outcome(result)} (${seconds(result.milliseconds)})`;
  const rows = failed ? failureRows(result) : [...contentRows(result), ...policyRows(result.tally)];
  return [title, ...rows, ...placeRows(result)].join("\n");
}

const verbs: readonly (readonly [op: string, done: string, planned: string])[] = [
  ["create", "created", "to create"],
  ["update", "updated", "to update"],
  ["replace", "replaced", "to replace"],
  ["delete", "deleted", "to delete"],
];

function outcome({ action, exitCode, tally, halt }: StackResult): string {
  if (halt !== undefined) return `${halt}, nothing was changed${intentions(tally)}`;
  const changes = tally.changes ?? {};
  const counts = verbs.flatMap(([op, done, planned]) => {
    const count = changes[op] ?? 0;
    return count === 0 ? [] : [`${count} ${action === "preview" ? planned : done}`];
  });
  const same = changes["same"] ?? 0;
  if (exitCode !== 0) return [`${action} failed`, ...counts].join(", ");
  if (counts.length > 0) return [...counts, `${same} unchanged`].join(", ");
  return action === "destroy"
    ? "there was nothing to destroy"
    : `nothing changed, ${same} resources as they were`;
}

/** What an update would have done. */
function intentions({ changes = {} }: Tally): string {
  const counts = verbs.flatMap(([op]) => (changes[op] === undefined ? [] : [`${op} ${changes[op]}`]));
  return counts.length === 0 ? "" : ` (would ${counts.join(", ")})`;
}

function contentRows({ action, state }: StackResult): string[] {
  if (action !== "up" || state === undefined) return [];
  const parts = partsOf(state.resources);
  const total = state.resources.filter(isOfCloud).length;
  const outputs = Object.entries(
    state.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  );
  const width = Math.max(0, ...outputs.map(([name]) => name.length));
  return [
    row("Resources", [
      `${total} in ${parts.length} parts`,
      ...wrapped(parts.map((part) => `${part.name} ${part.resources}`)),
    ]),
    row(
      "Outputs",
      outputs.flatMap(([name, value]) => outputLines(name, value, width)),
    ),
  ];
}

function policyRows(tally: Tally): string[] {
  const packs = Object.entries(tally.packs);
  if (packs.length === 0) return [row("Policies", ["no policy pack"])];
  const lines = packs.map(([pack, version]) => {
    const count = tally.policies.get(pack)?.size ?? 0;
    const found = tally.violations.filter(({ policyPackName }) => policyPackName === pack);
    const broken = found.filter(({ enforcementLevel }) => enforcementLevel === "mandatory").length;
    const advice = found.length === broken ? "" : `, ${found.length - broken} to look at`;
    const result = `${broken === 0 ? "no violations" : `${broken} violation(s)`}${advice}`;
    return `${pack} ${version}: ${count} policies, ${result}`;
  });
  return [row("Policies", [...lines, ...tally.violations.map(violationText)])];
}

function failureRows({ tally, stderr, exitCode }: StackResult): string[] {
  const mandatory = tally.violations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  const errors = tally.errors.filter(saysMore);
  const causes = errors.filter((error) => !isAftermath(error));
  const isExplained = mandatory.length + causes.length > 0 || exitCode === INTERRUPTED;
  const said = (isExplained ? causes : errors).map(diagnosticText);
  const printed = said.length > 0 ? [] : [stderr.trim(), ...tally.otherLines].filter((text) => text !== "");
  return [...mandatory.map(violationText), ...said, ...printed].map(indent);
}

/** The engine ends with an error that only repeats that there was one. */
function saysMore({ message }: Diagnostic): boolean {
  return !/^(?:update|preview|destroy) failed$/.test(message.trim());
}

/** What the engine's other parts say when a failure elsewhere ends them. */
function isAftermath({ message }: Diagnostic): boolean {
  return /^.*(?:context canceled|grpc: the client connection is closing)$/.test(message.trim());
}

function diagnosticText({ urn, message }: Diagnostic): string {
  const text = forSandbox(message.trim());
  return urn === undefined || urn === "" ? text : `${pc.bold(subject(urn))}\n${indent(text)}`;
}

function violationText({ resourceUrn, message, policyName, enforcementLevel }: PolicyEvent): string {
  const about = resourceUrn === undefined || resourceUrn === "" ? "" : ` ${subject(resourceUrn)}`;
  return `${enforcementLevel} ${pc.bold(policyName)}${about}\n${indent(message.trim())}`;
}

/** A resource as people know it: its type and its name. */
function subject(urn: string): string {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return `${type} ${urnName(urn)}`;
}

function placeRows(result: StackResult): string[] {
  const { state } = result;
  return [
    ...(state === undefined ? [] : [row("State", [shown(state.file)])]),
    row("Next", [nextStep(result)]),
  ];
}

function nextStep(result: StackResult): string {
  const { action, stack, exitCode } = result;
  if (exitCode === 0) {
    const command = action === "preview" ? "preview --diff" : "stack export";
    return `npm run sandbox -- ${command} --stack ${stack}`;
  }
  const again = `npm start -- --stack ${stack}${action === "up" ? "" : ` --${action}`}`;
  if (exitCode === INTERRUPTED) return again;
  if (isAboutProtection(result)) {
    if (action === "destroy") return "docs/destroy.md says more about these steps";
    return "docs/scales.md to change the scale and keep the data, docs/destroy.md to lift the protection";
  }
  return `mend the above, then ${again}`;
}

/** Whether what is protected was not to be deleted or replaced. */
function isAboutProtection({ tally, stderr }: StackResult): boolean {
  return [stderr, ...tally.errors.map(({ message }) => message)].some((text) =>
    /because it is protected|marked for protection|^Stack \S+ is protected:/.test(text),
  );
}

/** Marks a special value in a state; the only one among outputs is a secret. */
const marker = "4dabf18193072939515e22adb298388d";

/** An output's lines; a secret's value is encrypted in the state and stays so. */
function outputLines(name: string, value: unknown, width: number): string[] {
  const head = name.padEnd(width);
  if (isSecret(value)) return [`${head}  [secret]`];
  if (typeof value !== "object" || value === null) return [`${head}  ${String(value)}`];
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item) => ["", item])
    : Object.entries(value);
  const inner = Math.max(0, ...entries.map(([key]) => key.length));
  return entries.flatMap(([key, item], index) =>
    outputLines(key, item, inner).map((line, at) => {
      const text = inner === 0 ? line.trimStart() : line;
      return `${index === 0 && at === 0 ? head : " ".repeat(width)}  ${text}`;
    }),
  );
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && marker in value;
}

function row(title: string, lines: readonly string[]): string {
  const head = `  ${pc.dim(title.padEnd(11))}`;
  return lines
    .flatMap((line) => line.split("\n"))
    .map((line, index) => (index === 0 ? `${head}${line}` : `${" ".repeat(13)}${line}`))
    .join("\n");
}

/** The items in lines of about so many characters. */
function wrapped(items: readonly string[], width = 90): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || last.length + item.length + 2 > width) lines.push(item);
    else lines[lines.length - 1] = `${last}, ${item}`;
  }
  return lines;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
