import { DOCUMENT_PLACES } from "../../policies/core/document-types.ts";
import type { ResourceRule } from "../../policies/core/rule.ts";
import { describeRule, withValue, type Inputs, type RuleCase } from "./harness.ts";
import { traced } from "./trace.ts";

const DOCUMENT = "macro-ai:components:PolicyDocument";

/** One thing that can be wrong with a statement. */
export interface StatementMutation {
  /** `actions.0`; undefined as value removes it. */
  path: string;
  value: unknown;
  /** All messages, by where the statement stands: `statements[0]`, `policy.Statement[0]`. */
  messages: (statement: string) => string[];
}

/** The demands on a statement, in the form in which a program registers it. */
export interface StatementCase {
  compliant: Inputs;
  alsoCompliant?: Inputs[];
  /** Places within the statement, as {@link RuleCase} has them. */
  decides?: string[];
  wellWithout?: string[];
  mutations: StatementMutation[];
}

/** Declares the tests of a rule about statements, for every type that holds them: registered as data, and in JSON. */
export function describeStatements(rule: ResourceRule, one: StatementCase): void {
  const types = rule.checks.flatMap((check) => check.types);
  describeRule(rule, [
    registered(one),
    ...types.flatMap((type) => documentsOf(rule, type).map((path) => inJson(type, path, one))),
  ]);
}

function registered(one: StatementCase): RuleCase {
  const { compliant, alsoCompliant = [], decides = [], wellWithout = [], mutations } = one;
  const below = (place: string): string => `statements.*.${place}`;
  return {
    type: DOCUMENT,
    compliant: { statements: [compliant] },
    alsoCompliant: alsoCompliant.map((statement) => ({ statements: [statement] })),
    decides: decides.map(below),
    wellWithout: wellWithout.map(below),
    mutations: mutations.map(({ path, value, messages }) => ({
      path: `statements.0.${path}`,
      value,
      messages: messages("statements[0]"),
    })),
  };
}

function inJson(type: string, place: string, one: StatementCase): RuleCase {
  const { compliant, alsoCompliant = [], mutations } = one;
  const path = place.replace("*", "0");
  const shown = place.replace(".*", "[0]");
  return {
    type,
    compliant: nested(path, json(compliant)),
    alsoCompliant: alsoCompliant.map((statement) => nested(path, json(statement))),
    // Without a document nothing is allowed.
    wellWithout: [place],
    mutations: mutations.map(({ path: within, value, messages }) => ({
      path,
      value: json(withValue(compliant, within.split("."), value)),
      messages: messages(`${shown}.Statement[0]`),
    })),
  };
}

/** Inputs with nothing but a value where the path leads: `inlinePolicies.0.policy`. */
function nested(path: string, value: string): Inputs {
  return path
    .split(".")
    .reduceRight<unknown>((inner, step) => (step === "0" ? [inner] : { [step]: inner }), value) as Inputs;
}

/** A registered statement in IAM's own notation. */
export function json({ effect, actions, resources, principals, conditions }: Inputs): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: effect, Action: actions, Resource: resources, Principal: principals, Condition: conditions },
    ],
  });
}

/** Where a type keeps the documents that a rule reads. */
function documentsOf(rule: ResourceRule, type: string): string[] {
  const read = new Set<string>();
  const inputs = traced({}, ([property = ""]) => read.add(property));
  for (const check of rule.checks)
    if (check.types.includes(type)) check.run(inputs, { urn: "", name: "", type }, rule.settings ?? {});
  return (DOCUMENT_PLACES[type] ?? [])
    .map(({ path }) => path)
    .filter((path) => read.has(path.split(".")[0] ?? ""));
}
