import assert from "node:assert/strict";
import type { StackRule } from "../../policies/core/rule.ts";
import { stackUnproven, stackViolations, unknown, withValue, type Fixture, type Inputs } from "./harness.ts";
import { matches } from "./gaps.ts";
import { leavesOf, placeOf, valueAt } from "./trace.ts";

/** One thing that can be wrong with a stack that is well. */
export interface StackMutation {
  /** The resource that changes; one that leaves where there is no path. */
  of: string;
  /** The property, `rules.0.status`, which loses what it comes from as well. */
  path?: string;
  /** Its bad value; undefined removes it. */
  value?: unknown;
  /** Other resources that come with it. */
  beside?: Fixture[];
  /** All messages, in full. */
  messages: string[];
}

/** The demands of a rule on a stack. */
export interface StackCase {
  compliant: Fixture[];
  /** More stacks that are well, each by what is different. */
  alsoCompliant?: Record<string, Fixture[]>;
  mutations: StackMutation[];
  /** Resources, and places of their properties, that may be left out as well: `logs`, `logs.accessLogs.*`. */
  wellWithout?: string[];
  /** Places whose value must be known: what is unknown there fails. @default - none; it is unproven */
  refusesUnknown?: string[];
  /** Places that are read to tell whether, or what, the rule demands. */
  decides?: string[];
}

/** Every case that was declared, by rule. */
export const describedStacks = new Map<StackRule, StackCase[]>();

/** Declares the tests of a stack rule: what is well passes, and each mutation gives exactly its messages. */
export function describeStackRule(rule: StackRule, cases: StackCase[]): void {
  describedStacks.set(rule, [...(describedStacks.get(rule) ?? []), ...cases]);
  describe(rule.name, () => {
    for (const { compliant, alsoCompliant = {}, mutations } of cases) {
      for (const [name, fixtures] of Object.entries({ "what is well": compliant, ...alsoCompliant })) {
        it(`passes ${name}`, () => {
          assert.deepEqual(stackViolations(rule, fixtures), []);
          assert.deepEqual(stackUnproven(rule, fixtures), []);
        });
      }
      for (const mutation of mutations) {
        it(`refuses ${shown(mutation)}`, () => {
          assert.deepEqual(stackViolations(rule, mutated(compliant, mutation)), mutation.messages);
        });
      }
    }
  });
}

/** What the cases of a stack rule leave open; as with rules about one resource, a rule guards what it reads. */
export function stackGapsOf(rule: StackRule, cases: readonly StackCase[]): string[] {
  if (cases.length === 0) return [`${rule.name}: has no stack that is well`];
  return cases.flatMap((one) => gapsOf(rule, one)).map((gap) => `${rule.name}: ${gap}`);
}

function gapsOf(rule: StackRule, one: StackCase): string[] {
  const { compliant, mutations, wellWithout = [], decides = [], refusesUnknown = [] } = one;
  const resources = compliant.flatMap(({ name }) => {
    const without = compliant.filter((fixture) => fixture.name !== name);
    if (
      without.some(
        ({ sources, parent }) =>
          parent === name ||
          Object.values(sources ?? {})
            .flat()
            .includes(name),
      )
    )
      return [];
    if (mutations.some(({ of, path }) => of === name && path === undefined)) return [];
    return said(name, wellWithout, stackViolations(rule, without));
  });
  const properties = compliant.flatMap(({ name, properties: inputs = {}, sources = {} }) => {
    const paths = [...new Set([...leavesOf(inputs), ...Object.keys(sources)])];
    return paths.flatMap((path) => {
      const place = `${name}.${placeOf(path.split("."))}`;
      const own = mutations.filter((mutation) => mutation.of === name && covers(mutation.path, path));
      const blurred = mutated(compliant, { of: name, path, value: unknown, messages: [] });
      const failed = stackViolations(rule, blurred);
      // What is unknown and comes from nothing of the stack refers to nothing.
      const refers = sources[path.split(".")[0] ?? ""] !== undefined;
      if (failed.length > 0 && !refers && !matches(place, refusesUnknown))
        return `${place} fails while it is unknown: ${failed.join(" ")}`;
      const isRead = failed.length > 0 || stackUnproven(rule, blurred).length > 0;
      if (!isRead) return [];
      const touched =
        own.length > 0 || matches(place, [...decides, ...wellWithout])
          ? []
          : [`${place} is read, and no mutation touches it`];
      if (/\.\d+$/.test(path) || own.some(({ value }) => value === undefined)) return touched;
      const left = mutated(compliant, { of: name, path, value: undefined, messages: [] });
      return [...touched, ...said(place, [...wellWithout, ...decides], stackViolations(rule, left))];
    });
  });
  return [...resources, ...properties];
}

/** What is wrong without something must be a mutation, and what is not must be said. */
function said(what: string, wellWithout: readonly string[], told: string[]): string[] {
  if (told.length > 0) return [`without ${what} no mutation expects: ${told.join(" ")}`];
  return matches(what, wellWithout) ? [] : [`may be without ${what}, and no case says so`];
}

/** A stack with one thing changed. */
export function mutated(fixtures: Fixture[], { of, path, value, beside = [] }: StackMutation): Fixture[] {
  assert.ok(
    fixtures.some(({ name }) => name === of),
    `no fixture ${of}`,
  );
  if (path === undefined) return [...fixtures.filter(({ name }) => name !== of), ...beside];
  const changed = fixtures.map((fixture): Fixture => {
    if (fixture.name !== of) return fixture;
    const { properties = {}, sources = {} } = fixture;
    const [top = ""] = path.split(".");
    const others = Object.fromEntries(Object.entries(sources).filter(([property]) => property !== top));
    const isThere = value !== undefined || valueAt(properties, path) !== undefined;
    const inputs: Inputs = isThere ? withValue(properties, path.split("."), value) : properties;
    return { ...fixture, properties: inputs, sources: others };
  });
  return [...changed, ...beside];
}

function covers(mutation: string | undefined, path: string): boolean {
  return mutation !== undefined && (path === mutation || path.startsWith(`${mutation}.`));
}

function shown({ of, path, value, beside = [] }: StackMutation): string {
  const change = value === undefined ? "without" : `with ${JSON.stringify(value)} as`;
  const others = beside.length === 0 ? "" : ` beside ${beside.map(({ name }) => name).join(", ")}`;
  return path === undefined ? `a stack without ${of}${others}` : `${of} ${change} ${path}${others}`;
}
