import { readFile } from "node:fs/promises";
import { UserError } from "../../sandbox/cli/user-error.ts";

/** A resource's state, before or after, as `pulumi preview --json` prints it; what the report reads of it. */
export interface State {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Null where a property depends on nothing. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly additionalSecretOutputs?: readonly string[];
}

export type Properties = Readonly<Record<string, unknown>>;

/** What the engine would do with one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State | null;
  readonly newState?: State | null;
  /** Property path, then how it changes: `update`, `add-replace`. `inputDiff` is false where a change is in the outputs. */
  readonly detailedDiff?: Readonly<Record<string, { kind: string; inputDiff?: boolean }>> | null;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
}

export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: string;
}

/** What `pulumi preview --json --show-sames` prints. */
export interface Preview {
  /** Plain values; a secret's is `[secret]`. */
  readonly config: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Printed {
  config?: Record<string, string>;
  steps?: Step[];
  diagnostics?: Diagnostic[];
  changeSummary?: Record<string, number>;
}

/** What other files look like that people have at hand, by a key that they hold. */
const others: Readonly<Record<string, string>> = {
  resource_changes: "a Terraform plan",
  planned_values: "a Terraform plan",
  terraform_version: "Terraform's",
  deployment: "a state, as pulumi stack export prints it",
  checkpoint: "a state, as it lies in a backend",
  declared: "what the policy pack records (that is for --snapshot)",
  AWSTemplateFormatVersion: "a CloudFormation template",
  Resources: "a CloudFormation template",
  resourcePreEvent: "the engine's events (unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW)",
  preludeEvent: "the engine's events (unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW)",
};

/**
 * Reads a preview from a file.
 *
 * @param secretKeys Keys of the stack's configuration that are secrets.
 * @throws UserError where there is none, it is another tool's or stack's, incomplete, or shows secrets
 */
export async function readPreview(
  file: string,
  stack: string,
  secretKeys: readonly string[] = [],
): Promise<Preview> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(`There is no preview ${file}. ${makeOne(stack)}`);
  });
  return parsePreview(text, file, stack, secretKeys);
}

/** As {@link readPreview}, of the text that `file` holds. */
export function parsePreview(
  text: string,
  file: string,
  stack: string,
  secretKeys: readonly string[] = [],
): Preview {
  const printed = parsed(text, file, stack);
  if (!Array.isArray(printed.steps))
    throw new UserError(
      `${file} is JSON, but not what pulumi preview --json prints${lookAlike(printed)}. ${makeOne(stack)}`,
    );
  const { config = {}, steps, diagnostics = [], changeSummary = {} } = printed;
  const [first] = steps;
  const found = first === undefined ? undefined : first.urn.split("::")[0]?.split(":").at(-1);
  if (found !== undefined && found !== stack)
    throw new UserError(
      `${file} previews the stack ${found}, not ${stack}. Name it (--stack ${found}), or: ${makeOne(stack)}`,
    );
  const sames = steps.filter(({ op }) => op === "same").length;
  if ((changeSummary["same"] ?? 0) > sames)
    throw new UserError(
      `${file} leaves out what stays the same, and with it the network, the cost and the picture. ${makeOne(stack)}`,
    );
  const shown = secretKeys.filter((key) => config[key] !== undefined && config[key] !== HIDDEN);
  if (shown.length > 0)
    throw new UserError(
      `${file} shows secrets (${shown.join(", ")}): it was made with --show-secrets. Delete it. ${makeOne(stack)}`,
    );
  return { config, steps: steps.map(withoutSecrets), diagnostics };
}

/** What the engine prints in a secret's place. */
export const HIDDEN = "[secret]";

/** The key of the engine's special values, and what it says of a secret (pulumi's sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function withoutSecrets(step: Step): Step {
  const { oldState, newState, ...rest } = step;
  return {
    ...rest,
    ...(oldState && { oldState: hidden(oldState) }),
    ...(newState && { newState: hidden(newState) }),
  };
}

/** Besides what the engine marks, what the program itself calls secret. */
function hidden(state: State): State {
  const { inputs, outputs, additionalSecretOutputs = [] } = state;
  const hide = (properties: Properties): Properties =>
    Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        additionalSecretOutputs.includes(name) && value !== null ? HIDDEN : unmarked(value),
      ]),
    );
  return { ...state, ...(inputs && { inputs: hide(inputs) }), ...(outputs && { outputs: hide(outputs) }) };
}

function unmarked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  if ((value as Properties)[SIGNATURE] === SECRET) return HIDDEN;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmarked(item)]));
}

function parsed(text: string, file: string, stack: string): Printed {
  if (text.trim() === "")
    throw new UserError(
      `${file} is empty: the preview ended before it printed anything, and its own error says why. ${makeOne(stack)}`,
    );
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null) return value;
  } catch {
    const [line = ""] = text.split("\n", 1);
    const event = /^\{"(?:sequence|type|preludeEvent)"/.test(line);
    if (event)
      throw new UserError(
        `${file} holds ${others["preludeEvent"] ?? ""}, one a line, not one preview. ${makeOne(stack)}`,
      );
  }
  throw new UserError(`${file} is not JSON. ${makeOne(stack)}`);
}

function lookAlike(value: object): string {
  const [known] = Object.entries(others).flatMap(([key, name]) => (key in value ? name : []));
  return known === undefined ? "" : `: it looks like ${known}`;
}

function makeOne(stack: string): string {
  return `To make one: pulumi preview --json --show-sames --stack ${stack} --policy-pack policies > preview.json`;
}
