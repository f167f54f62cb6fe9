import type { Settings } from "./configuration.ts";
import { isChildOf, type Node } from "./graph.ts";
import { fromResource } from "./evidence.ts";
import type { Check, Finding } from "./rule.ts";
import { DOCUMENT_PLACES, isNothingButDocument, type DocumentKind } from "./document-types.ts";
import { elements, isKnown, isUnread, known, pathTo, UNKNOWN, type Seen, type Unknown } from "./unknown.ts";
import { coversAction } from "./wildcards.ts";

/** The component by which a program registers a policy document as known data, statement by statement. */
export const POLICY_DOCUMENT = "macro-ai:components:PolicyDocument";

/** A statement as a rule reads it, whichever way it was written. */
export interface Statement {
  /** Where it stands: `statements[0]`, `policy.Statement[0]`. */
  property: string;
  effect: string | Unknown;
  actions: (string | Unknown)[];
  /** True for NotAction: everything but these. */
  allButActions: boolean;
  resources: (string | Unknown)[];
  allButResources: boolean;
  /** Undefined in an identity policy. By kind: AWS, Service, Federated. */
  principals: Record<string, (string | Unknown)[]> | Unknown | undefined;
  allButPrincipals: boolean;
  /** Operator, then key, then values. */
  conditions: Record<string, Record<string, (string | Unknown)[]>> | Unknown;
}

/** Which documents a check is about. @default - every kind */
export interface Documents {
  kinds?: readonly DocumentKind[];
}

/** A check on every statement of every document, registered or JSON. */
export function statementCheck(
  judge: (statement: Statement, type: string, settings: Settings) => Finding[],
  documents?: Documents,
): Check[] {
  return documentCheck(
    (statements, type, settings) => statements.flatMap((statement) => judge(statement, type, settings)),
    documents,
  );
}

/** A check on every document as a whole, registered or JSON; of what kind a registered one is, its statements tell. */
export function documentCheck(
  judge: (statements: Statement[], type: string, settings: Settings) => Finding[],
  { kinds }: Documents = {},
): Check[] {
  const json = Object.entries(DOCUMENT_PLACES).flatMap(([type, all]): Check[] => {
    const places = all.filter(({ kind }) => kinds?.includes(kind) ?? true);
    if (places.length === 0) return [];
    return [
      {
        types: [type],
        partial: !isNothingButDocument(type),
        run: (inputs, { urn }, settings) =>
          places
            .filter(({ path }) => !(isChildOf(urn, POLICY_DOCUMENT) && isUnread(inputs, path)))
            .flatMap(({ path }) => held(inputs, path.split(".")))
            .flatMap(({ property, json }) => judge(parse(json, property), type, settings)),
      },
    ];
  });
  return [
    {
      types: [POLICY_DOCUMENT],
      // The ARN of a resource is no wildcard.
      evidence: fromResource,
      run: ({ statements }, _, settings) => judge(registered(statements), POLICY_DOCUMENT, settings),
    },
    ...json,
  ];
}

/** What stands where the steps lead, with the way there; `*` leads to each entry of a list. */
function held(owner: unknown, [step, ...rest]: string[], above = ""): { property: string; json: unknown }[] {
  if (step === undefined) return [{ property: above, json: owner }];
  if (typeof owner !== "object" || owner === null) return [];
  return (step === "*" ? Object.keys(owner) : [step]).flatMap((key) =>
    held((owner as Record<string, unknown>)[key], rest, pathTo(owner, above, key)),
  );
}

/**
 * The statements of a document in JSON, or as the object that the SDK takes in its place; none while it is unknown. Each part
 * is read when a rule asks for it, because what a rule reads without knowing it has not proven.
 */
export function parse(json: unknown, property: string): Statement[] {
  if (typeof json === "string" && json.trim() === "") return [];
  const document: unknown = typeof json === "string" ? JSON.parse(json) : json;
  if (typeof document !== "object" || document === null) return [];
  return [(document as { Statement?: unknown }).Statement ?? []].flat().map((entry, index) => {
    const statement = entry as Record<string, unknown>;
    return {
      property: `${property}.Statement[${index}]`,
      effect: (statement["Effect"] as string | undefined) ?? "Allow",
      actions: list(statement["Action"] ?? statement["NotAction"]),
      allButActions: statement["NotAction"] !== undefined,
      resources: list(statement["Resource"] ?? statement["NotResource"]),
      allButResources: statement["NotResource"] !== undefined,
      principals: principalsOf(statement["Principal"] ?? statement["NotPrincipal"]),
      allButPrincipals: statement["NotPrincipal"] !== undefined,
      conditions: conditionsOf(statement["Condition"]),
    };
  });
}

/** The statements that a PolicyDocument component registered. */
export function registered(statements: unknown): Statement[] {
  return elements(statements as unknown[] | Unknown | undefined).map((entry, index) => {
    const statement = (entry === UNKNOWN ? {} : entry) as Record<string, unknown>;
    return {
      property: `statements[${index}]`,
      effect: entry === UNKNOWN ? UNKNOWN : ((statement["effect"] as string | undefined) ?? "Allow"),
      get actions() {
        return list(statement["actions"]);
      },
      allButActions: false,
      get resources() {
        return list(statement["resources"]);
      },
      allButResources: false,
      get principals() {
        return principalsOf(statement["principals"]);
      },
      allButPrincipals: false,
      get conditions() {
        return conditionsOf(statement["conditions"]);
      },
    };
  });
}

const policies = new WeakMap<Node, Statement[] | undefined>();

/** The statements of a resource's policy, or undefined where only the update tells them; many ask for one key's. */
export function policyOf(resource: Node): Statement[] | undefined {
  if (!policies.has(resource)) policies.set(resource, readPolicy(resource));
  return policies.get(resource);
}

function readPolicy(resource: Node): Statement[] | undefined {
  // What it says of itself while it is unknown is nothing; whoever asks says so.
  if (!isUnread(resource.inputs, "policy")) return parse(resource.inputs["policy"], "policy");
  const { parent } = resource;
  return parent?.type === POLICY_DOCUMENT ? registered(parent.inputs["statements"]) : undefined;
}

function list(value: unknown): (string | Unknown)[] {
  return [value ?? []].flat() as (string | Unknown)[];
}

function principalsOf(value: unknown): Statement["principals"] {
  if (value === undefined || value === UNKNOWN) return value;
  if (typeof value === "string") return { AWS: [value] };
  return Object.fromEntries(Object.entries(value as object).map(([kind, names]) => [kind, list(names)]));
}

/** JSON may have a condition's number or truth without quotes. */
function asText(value: unknown): string | Unknown {
  return isKnown(value) ? String(value) : UNKNOWN;
}

function conditionsOf(value: unknown): Statement["conditions"] {
  const operators = (value === UNKNOWN ? {} : (value ?? {})) as Record<string, object | Unknown>;
  if (value === UNKNOWN || Object.values(operators).includes(UNKNOWN)) return UNKNOWN;
  return Object.fromEntries(
    Object.entries(operators as Record<string, object>).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, list(values).map(asText)])),
    ]),
  );
}

/** Whether actions as a statement names them, with wildcards, cover this one. */
export function isAbout(actions: Statement["actions"], action: string): boolean {
  return known(actions).some((pattern) => coversAction(pattern, action));
}

/** True where the statement speaks of everyone. */
export function isForEveryone({ principals, allButPrincipals }: Statement): boolean {
  if (!isKnown(principals) || principals === undefined) return false;
  return allButPrincipals || known<Seen<string>>(principals["AWS"]).includes("*");
}

/** True where nothing bounds when the statement holds. */
export function isUnconditional({ conditions }: Statement): boolean {
  return isKnown(conditions) && Object.keys(conditions).length === 0;
}

/** True for a statement that denies everyone this action, and all it stands for, where it does not come over TLS. */
export function deniesPlaintext(statement: Statement, action: string): boolean {
  const { effect, conditions, actions } = statement;
  if (effect !== "Deny" || !isForEveryone(statement) || !isKnown(conditions)) return false;
  const secure = Object.entries(conditions).flatMap(([operator, keys]) =>
    operator === "Bool" || operator === "BoolIfExists"
      ? Object.entries(keys).filter(([key]) => key.toLowerCase() === "aws:securetransport")
      : [],
  );
  const others = Object.values(conditions).flatMap(Object.keys).length - secure.length;
  const covers = !statement.allButActions && isAbout(actions, action);
  return others === 0 && covers && secure.some(([, values]) => values.includes("false"));
}
