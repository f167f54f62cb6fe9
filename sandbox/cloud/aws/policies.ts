import type { Inputs, Problem } from "../rule.ts";
import { parsed, select } from "./constraints.ts";
import type { Constraint } from "./constraints.ts";
import { known, list, nested, text } from "./shapes.ts";

/** What a policy is for: a role's permissions, who may assume a role, or who may use a resource. */
export type PolicyKind = "identity" | "trust" | "resource";

/** A policy document: JSON text or the object, its grammar, and its length without white space. */
export const policyDocument =
  (path: string, kind: PolicyKind, mostCharacters = 20480): Constraint =>
  (inputs) =>
    select(inputs, path).flatMap(({ path: property, value }) =>
      documentProblems(value, kind, mostCharacters).map((reason) => ({ property, reason })),
    );

function documentProblems(value: unknown, kind: PolicyKind, mostCharacters: number): string[] {
  const document = nested(parsed(value));
  if (Object.keys(document).length === 0) return ["expected a policy document in JSON"];
  const length = JSON.stringify(document).length;
  const statements = statementsOf(document);
  return [
    ...(document["Version"] === undefined ||
    ["2012-10-17", "2008-10-17"].includes(text(document, "Version", "2012-10-17"))
      ? []
      : [`expected Version 2012-10-17, got ${JSON.stringify(document["Version"])}`]),
    ...(statements.length === 0 ? ["expected at least one Statement"] : []),
    ...(length > mostCharacters ? [`expected at most ${mostCharacters} characters, got ${length}`] : []),
    ...statements.flatMap((statement, index) =>
      statementProblems(statement, kind).map((problem) => `Statement[${index}]: ${problem}`),
    ),
  ];
}

function statementsOf(document: Inputs): Inputs[] {
  const statement = document["Statement"];
  return Array.isArray(statement) ? statement.map(nested) : known(statement) ? [nested(statement)] : [];
}

const KEYS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function statementProblems(statement: Inputs, kind: PolicyKind): string[] {
  const has = (...keys: string[]): boolean => keys.some((key) => statement[key] !== undefined);
  const unknownKeys = Object.keys(statement).filter((key) => !KEYS.includes(key));
  return [
    ...unknownKeys.map((key) => `"${key}" is no element of a statement`),
    ...(["Allow", "Deny"].includes(text(statement, "Effect")) || typeof statement["Effect"] === "symbol"
      ? []
      : ["Effect must be Allow or Deny"]),
    ...(has("Action", "NotAction") ? [] : ["Action is missing"]),
    ...(kind === "identity" && !has("Resource", "NotResource") ? ["Resource is missing"] : []),
    ...(kind === "identity" && has("Principal", "NotPrincipal")
      ? ["an identity policy has no Principal"]
      : []),
    ...(kind !== "identity" && !has("Principal", "NotPrincipal") ? ["Principal is missing"] : []),
    ...(kind === "trust" && has("Resource", "NotResource") ? ["a trust policy has no Resource"] : []),
    ...actionProblems(statement),
    ...(kind === "identity" &&
    typeof statement["Sid"] === "string" &&
    !/^[A-Za-z0-9]*$/.test(statement["Sid"])
      ? [`Sid takes letters and digits only, got "${statement["Sid"]}"`]
      : []),
  ];
}

function actionProblems(statement: Inputs): string[] {
  return ["Action", "NotAction"].flatMap((key) => {
    const actions = Array.isArray(statement[key])
      ? list(statement, key)
      : known(statement[key])
        ? [statement[key]]
        : [];
    return actions
      .filter((action) => typeof action === "string" && !/^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i.test(action))
      .map((action) => `"${String(action)}" is no action: write service:Action`);
  });
}

/** The problems of a document, for tests and other tables. */
export function problemsOf(document: unknown, kind: PolicyKind): Problem[] {
  return [...policyDocument("document", kind)({ document })];
}
