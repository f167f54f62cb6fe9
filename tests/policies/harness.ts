import assert from "node:assert/strict";
import * as policySdk from "@pulumi/policy";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { Graph, type StackResource } from "../../policies/core/graph.ts";
import type { ResourceRule, Rule, StackRule } from "../../policies/core/rule.ts";
import { isProven, judgeStack, message, ResourceJudge, type Verdict } from "../../policies/core/verdict.ts";

/** What the engine sends for a string that a preview does not know. */
export const unknown = unknownValue;

/** Throws when an unknown value is touched. The SDK exports it without its type. */
export const { unknownCheckingProxy } = policySdk as unknown as {
  unknownCheckingProxy: <T extends object>(inputs: T) => T;
};

export type Inputs = Record<string, unknown>;

function judge(rule: ResourceRule, type: string, inputs: Inputs): Verdict[] {
  const judge = new ResourceJudge([rule], ({ settings }) => settings ?? {});
  const resource = { urn: "urn:fixture", name: "fixture", type };
  return judge.judge(resource, unknownCheckingProxy(structuredClone(inputs)));
}

/** What a rule finds wrong with one resource, without the resource's name and type. */
export function violations(rule: ResourceRule, type: string, inputs: Inputs): string[] {
  return judge(rule, type, inputs)
    .filter(({ outcome }) => outcome === "fail")
    .map((verdict) => message(verdict).replace(`fixture (${type}): `, ""));
}

/** Properties about which a rule cannot tell yet. */
export function unproven(rule: ResourceRule, type: string, inputs: Inputs): string[] {
  return judge(rule, type, inputs)
    .filter(({ outcome }) => outcome === "unproven")
    .map(({ finding }) => finding.property);
}

/** A resource of a stack. */
export interface Fixture {
  name: string;
  type: string;
  properties?: Inputs;
  parent?: string;
  /** Names of the resources that a property's value comes from. */
  sources?: Record<string, string[]>;
}

/** A stack as the engine shows it. */
export function stackOf(fixtures: Fixture[]): Graph {
  const urnOf = (name: string): { urn: string } => {
    assert.ok(
      fixtures.some((fixture) => fixture.name === name),
      `no fixture ${name}`,
    );
    return { urn: `urn:${name}` };
  };
  const resources = fixtures.map(({ name, type, properties, parent, sources = {} }): StackResource => ({
    type,
    name,
    urn: `urn:${name}`,
    props: unknownCheckingProxy(structuredClone(properties ?? {})),
    ...(parent !== undefined && { parent: urnOf(parent) }),
    propertyDependencies: Object.fromEntries(
      Object.entries(sources).map(([property, names]) => [property, names.map(urnOf)]),
    ),
  }));
  // A component's outputs are none of its inputs.
  const shown = resources.map((resource) =>
    resource.type.startsWith("macro-ai:") ? { ...resource, props: {} } : resource,
  );
  return new Graph(shown, new Map(resources.map(({ urn, props }) => [urn, props])));
}

/** The configuration of the stacks that stack rules are tried on. */
const production = {
  "macro-ai:environment": "production",
  "macro-ai:scale": "enterprise",
  "aws:region": "us-east-1",
};

/** What a stack rule says, but for what the sources of unknown values prove. */
function stackVerdicts(rule: StackRule, fixtures: Fixture[]): Verdict[] {
  const graph = stackOf([...fixtures, { name: "stack", type: "pulumi:pulumi:Stack" }]);
  const [root] = graph.all("pulumi:pulumi:Stack");
  assert.ok(root);
  const verdicts = judgeStack(rule, graph, root, rule.settings ?? {}, production);
  return verdicts.filter((verdict) => !isProven(verdict, graph.find(verdict.resource.urn)));
}

/** The messages of a stack rule, each with the name of its resource before it. */
export function stackViolations(rule: Rule, fixtures: Fixture[]): string[] {
  assert.ok("judge" in rule);
  return stackVerdicts(rule, fixtures)
    .filter(({ outcome }) => outcome === "fail")
    .map(message);
}

/** Resources and properties about which a stack rule cannot tell yet. */
export function stackUnproven(rule: Rule, fixtures: Fixture[]): string[] {
  assert.ok("judge" in rule);
  return stackVerdicts(rule, fixtures)
    .filter(({ outcome }) => outcome === "unproven")
    .map(({ resource, finding }) => `${resource.name}: ${finding.property}`);
}

/** One thing that can be wrong. */
export interface Mutation {
  /** Path in the compliant inputs: `origins.0.customOriginConfig`. */
  path: string;
  /** Its bad value; undefined removes it. */
  value: unknown;
  /** All messages, in full. */
  messages: string[];
  /** Other top-level properties without which the rule cannot tell: while one is unknown, the mutant is unproven. */
  conditions?: string[];
}

/** The message of a property that is not as it must be. */
export function mustBe(path: string, is: string, must: string, fix = `to ${must}`): string {
  const shown = path.replaceAll(/\.(\d+)/g, "[$1]");
  return `${shown} is ${is}; it must be ${must}. Set ${shown} ${fix}.`;
}

/** False and absent, where only true will do. */
export function mustBeTrue(path: string): Mutation[] {
  return [
    { path, value: undefined, messages: [mustBe(path, "not set", "true")] },
    { path, value: false, messages: [mustBe(path, "false", "true")] },
  ];
}

/** True, where only false or nothing will do. */
export function mustNotBeTrue(path: string): Mutation {
  return { path, value: true, messages: [mustBe(path, "true", "false")] };
}

/** Absent, AWS's own and empty, where only a key of this account will do. */
export function mustBeKey(path: string): Mutation[] {
  return [undefined, "alias/aws/service", ""].map((value) => ({
    path,
    value,
    messages: [
      mustBe(
        path,
        value === undefined ? "not set" : JSON.stringify(value),
        "a customer-managed KMS key",
        "to the ARN of a KMS key of this account",
      ),
    ],
  }));
}

/** Absent, where something must stand. */
export function mustBeSet(path: string, must: string, fix = `to ${must}`): Mutation {
  return { path, value: undefined, messages: [mustBe(path, "not set", must, fix)] };
}

/** The demands on one resource type. */
export interface RuleCase {
  type: string;
  compliant: Inputs;
  mutations: Mutation[];
  /** More inputs that are well. */
  alsoCompliant?: Inputs[];
  /**
   * Places that are read to tell whether, or what, the rule demands: `origins.*.customOriginConfig`. They are guarded
   * by nothing. @default - the conditions of the mutations
   */
  decides?: string[];
  /** Places whose value must be known: what is unknown there fails. @default - none; it is unproven */
  refusesUnknown?: string[];
  /** Places of guarded properties that may be left out as well. */
  wellWithout?: string[];
}

/** Every case that was declared, by rule. */
export const described = new Map<ResourceRule, RuleCase[]>();

/**
 * Declares the tests of a rule: the compliant resource passes; each mutation gives exactly its messages; it does so as
 * well while any other property is unknown; and what is unknown itself is no violation.
 */
export function describeRule(rule: ResourceRule, cases: RuleCase[]): void {
  described.set(rule, [...(described.get(rule) ?? []), ...cases]);
  describe(rule.name, () => {
    for (const one of cases) {
      const { type, compliant, alsoCompliant = [], mutations } = one;
      it(`passes a compliant ${type}`, () => {
        for (const inputs of [compliant, ...alsoCompliant])
          assert.deepEqual(violations(rule, type, inputs), []);
      });
      for (const mutation of mutations) describeMutation(rule, one, mutation);
    }
  });
}

function describeMutation(rule: ResourceRule, one: RuleCase, mutation: Mutation): void {
  const { type, compliant } = one;
  const { path, value, messages, conditions = [] } = mutation;
  const shown = value === undefined ? "absent" : JSON.stringify(value);
  it(`refuses a ${type} with ${path} ${shown}`, () => {
    const mutant = withValue(compliant, path.split("."), value);
    assert.deepEqual(violations(rule, type, mutant), messages);
    const [mutated] = path.split(".");
    for (const property of Object.keys(compliant)) {
      if (property === mutated) continue;
      const inputs = { ...mutant, [property]: unknown };
      const blurred = violations(rule, type, inputs);
      // What may be well is not passed in silence.
      if (conditions.includes(property) && blurred.length === 0 && messages.length > 0)
        assert.notDeepEqual(unproven(rule, type, inputs), [], `passed while ${property} is unknown`);
      else assert.deepEqual(blurred, messages, `while ${property} is unknown`);
    }
  });
  if (value === unknown) return;
  it(`cannot prove a ${type} with an unknown ${path}, and says so`, () => {
    const inputs = withValue(compliant, path.split("."), unknown);
    assert.deepEqual(violations(rule, type, inputs), []);
    const [top = ""] = path.split(".");
    assert.ok(unproven(rule, type, inputs).some((property) => property.startsWith(top)));
  });
}

/** A copy of the inputs with another value where the steps lead; undefined removes it. */
export function withValue(inputs: Inputs, steps: readonly (string | number)[], value: unknown): Inputs {
  const copy = structuredClone(inputs);
  const last = steps.at(-1) ?? "";
  const owner = steps.slice(0, -1).reduce((node, step) => node[step] as Inputs, copy);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else owner[last] = value;
  return copy;
}
