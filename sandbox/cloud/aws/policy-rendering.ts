import type { Invoke, Inputs } from "../rule.ts";
import { parsed } from "./constraints.ts";
import { list, nested, text } from "./shapes.ts";

/** aws:iam/getPolicyDocument as pulumi-aws renders it: single values as texts, several as sorted lists, statements merged by Sid. */
export const renderPolicy: Invoke = (args) => {
  const version = text(args, "version", "2012-10-17");
  const own = list(args, "statements").map((statement) => renderStatement(nested(statement)));
  const sources = documents(args, ["sourceJson", "sourcePolicyDocuments"]);
  const overrides = documents(args, ["overrideJson", "overridePolicyDocuments"]);
  const document: Record<string, unknown> = {
    Version: version,
    ...(args["policyId"] === undefined ? {} : { Id: args["policyId"] }),
    Statement: mergeBySid([...sources, ...own], overrides),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { ...args, id: String(checksum(json)), json, minifiedJson: JSON.stringify(document), version };
};

function documents(args: Inputs, properties: readonly string[]): Inputs[] {
  return properties
    .flatMap((property) => (Array.isArray(args[property]) ? list(args, property) : [args[property]]))
    .flatMap((document) => {
      const { Statement: statements } = nested(parsed(document));
      return Array.isArray(statements) ? statements.map(nested) : [];
    });
}

function mergeBySid(statements: readonly Inputs[], overrides: readonly Inputs[]): Inputs[] {
  const merged = [...statements];
  for (const override of overrides) {
    const at = merged.findIndex(({ Sid }) => Sid !== undefined && Sid !== "" && Sid === override["Sid"]);
    if (at >= 0) merged[at] = override;
    else merged.push(override);
  }
  return merged;
}

function renderStatement(statement: Inputs): Inputs {
  return withoutAbsent({
    Sid: statement["sid"],
    Effect: text(statement, "effect", "Allow"),
    Principal: renderPrincipals(list(statement, "principals")),
    NotPrincipal: renderPrincipals(list(statement, "notPrincipals")),
    Action: oneOrSorted(statement, "actions"),
    NotAction: oneOrSorted(statement, "notActions"),
    Resource: oneOrSorted(statement, "resources"),
    NotResource: oneOrSorted(statement, "notResources"),
    Condition: renderConditions(list(statement, "conditions")),
  });
}

function oneOrSorted(statement: Inputs, property: string): unknown {
  return single([...list(statement, property).map(String)].sort());
}

function single(values: readonly unknown[]): unknown {
  return values.length === 0 ? undefined : values.length === 1 ? values[0] : values;
}

function renderPrincipals(principals: readonly unknown[]): unknown {
  if (principals.length === 0) return undefined;
  const rendered: Record<string, unknown[]> = {};
  for (const principal of principals.map(nested)) {
    const type = text(principal, "type");
    const identifiers = list(principal, "identifiers");
    if (type === "*" && identifiers.length === 1 && identifiers[0] === "*") return "*";
    (rendered[type] ??= []).push(...identifiers);
  }
  return Object.fromEntries(
    Object.entries(rendered).map(([type, identifiers]) => [
      type,
      single([...identifiers.map(String)].sort()),
    ]),
  );
}

function renderConditions(conditions: readonly unknown[]): unknown {
  if (conditions.length === 0) return undefined;
  const rendered: Record<string, Record<string, unknown>> = {};
  for (const condition of conditions.map(nested))
    (rendered[text(condition, "test")] ??= {})[text(condition, "variable")] = single(
      list(condition, "values"),
    );
  return rendered;
}

function withoutAbsent(statement: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(statement).filter(([, value]) => value !== undefined && value !== ""),
  );
}

function checksum(json: string): number {
  let sum = 0;
  for (const character of json) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
