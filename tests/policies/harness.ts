import assert from "node:assert/strict";
import * as policySdk from "@pulumi/policy";
import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { toPolicies } from "../../policies/core/policy.ts";
import type { ResourceRule, Rule } from "../../policies/core/rule.ts";

/** What the engine sends for a string that a preview does not know. */
export const unknown = unknownValue;

/** Throws when an unknown value is touched. The SDK exports it without its type. */
export const { unknownCheckingProxy } = policySdk as unknown as {
  unknownCheckingProxy: <T extends object>(inputs: T) => T;
};

export type Inputs = Record<string, unknown>;

const options: PolicyResource["opts"] = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

const noConfig: ResourceValidationArgs["getConfig"] = () => Object.create(null) as never;

function typed(type: string): Pick<ResourceValidationArgs, "isType" | "asType"> {
  return {
    isType: (resourceClass) => (resourceClass as unknown as { __pulumiType: string }).__pulumiType === type,
    asType: () => undefined,
  };
}

/** The messages of a rule about one resource, as the SDK would run it, without the resource's name and type. */
export function violations(rule: ResourceRule, type: string, inputs: Inputs, urn = "urn:fixture"): string[] {
  const messages: string[] = [];
  const prefix = `fixture (${type}): `;
  for (const policy of toPolicies(rule) as ResourceValidationPolicy[]) {
    const { validateResource } = policy;
    assert.ok(typeof validateResource === "function");
    if ((validateResource as unknown as { __pulumiType: string }).__pulumiType !== type) continue;
    const args: ResourceValidationArgs = {
      type,
      props: unknownCheckingProxy(structuredClone(inputs)),
      urn,
      name: "fixture",
      opts: options,
      stackTags: new Map(),
      ...typed(type),
      getConfig: noConfig,
      notApplicable: (reason) => assert.fail(reason),
    };
    void validateResource(args, (violation) => {
      assert.ok(typeof violation === "string" && violation.startsWith(prefix), JSON.stringify(violation));
      messages.push(violation.slice(prefix.length));
    });
  }
  return messages;
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

/** The messages of a stack rule, each with the name of its resource before it. */
export function stackViolations(rule: Rule, fixtures: Fixture[]): string[] {
  const resources = new Map<string, PolicyResource>();
  for (const { name, type, properties } of fixtures) {
    resources.set(name, {
      type,
      props: unknownCheckingProxy(structuredClone(properties ?? {})),
      urn: `urn:${name}`,
      name,
      opts: options,
      dependencies: [],
      propertyDependencies: {},
      ...typed(type),
    });
  }
  const find = (name: string): PolicyResource => resources.get(name) ?? assert.fail(`no fixture ${name}`);
  for (const { name, parent, sources } of fixtures) {
    const resource = find(name);
    if (parent !== undefined) resource.parent = find(parent);
    for (const [property, names] of Object.entries(sources ?? {})) {
      resource.propertyDependencies[property] = names.map(find);
    }
  }
  const messages: string[] = [];
  const [policy] = toPolicies(rule) as StackValidationPolicy[];
  void policy?.validateStack(
    {
      resources: [...resources.values()],
      stackTags: new Map(),
      getConfig: noConfig,
      notApplicable: (reason) => assert.fail(reason),
    },
    (violation, urn) => {
      assert.ok(typeof violation === "string");
      assert.equal(urn, `urn:${violation.split(" ")[0] ?? ""}`, "the finding names its resource");
      messages.push(violation);
    },
  );
  return messages;
}

/** One thing that can be wrong. */
export interface Mutation {
  /** Path in the compliant inputs: `origins.0.customOriginConfig`. */
  path: string;
  /** Its bad value; undefined removes it. */
  value: unknown;
  /** All messages, in full. */
  messages: string[];
  /** Other top-level properties that decide whether the rule applies at all. */
  conditions?: string[];
}

/** The demands on one resource type. */
export interface RuleCase {
  type: string;
  compliant: Inputs;
  mutations: Mutation[];
  /** More inputs that are well. */
  alsoCompliant?: Inputs[];
}

/**
 * Declares the tests of a rule: the compliant resource passes; each mutation gives exactly its messages; it does so as
 * well while any other property is unknown; and what is unknown itself is no violation.
 */
export function describeRule(rule: ResourceRule, cases: RuleCase[]): void {
  describe(rule.name, () => {
    for (const { type, compliant, alsoCompliant = [], mutations } of cases) {
      it(`passes a compliant ${type}`, () => {
        for (const inputs of [compliant, ...alsoCompliant])
          assert.deepEqual(violations(rule, type, inputs), []);
      });
      for (const mutation of mutations) describeMutation(rule, type, compliant, mutation);
    }
  });
}

function describeMutation(rule: ResourceRule, type: string, compliant: Inputs, mutation: Mutation): void {
  const { path, value, messages, conditions = [] } = mutation;
  const shown = value === undefined ? "absent" : JSON.stringify(value);
  it(`refuses a ${type} with ${path} ${shown}`, () => {
    const mutant = withValue(compliant, path, value);
    assert.deepEqual(violations(rule, type, mutant), messages);
    const [mutated] = path.split(".");
    for (const property of Object.keys(compliant)) {
      if (property === mutated || conditions.includes(property)) continue;
      const blurred = violations(rule, type, { ...mutant, [property]: unknown });
      assert.deepEqual(blurred, messages, `while ${property} is unknown`);
    }
  });
  it(`leaves a ${type} with an unknown ${path} to the update`, () => {
    assert.deepEqual(violations(rule, type, withValue(compliant, path, unknown)), []);
  });
}

function withValue(inputs: Inputs, path: string, value: unknown): Inputs {
  const copy = structuredClone(inputs);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const owner = steps.reduce((node, step) => node[step] as Inputs, copy);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else owner[last] = value;
  return copy;
}
