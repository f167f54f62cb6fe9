import type { ResourceRule } from "../../policies/core/rule.ts";
import { see } from "../../policies/core/unknown.ts";
import { unknown, unproven, violations, withValue, type Inputs, type RuleCase } from "./harness.ts";
import { placeOf, traced, valueAt } from "./trace.ts";

/**
 * What the cases of a rule leave open. A rule guards what it reads: each place that it reads of any of its types must be
 * mutated, or be declared to decide whether the rule applies; and each must be tried unknown and absent.
 */
export function gapsOf(rule: ResourceRule, cases: readonly RuleCase[]): string[] {
  const types = new Set(rule.checks.flatMap((check) => check.types));
  return [...types].flatMap((type) => {
    const own = cases.filter((candidate) => candidate.type === type);
    const gaps =
      own.length === 0
        ? ["has no compliant resource"]
        : [...untouched(rule, type, own), ...own.flatMap((one) => variants(rule, one))];
    return [...new Set(gaps)].map((gap) => `${rule.name}, ${type}: ${gap}`);
  });
}

/** Places that are read, whichever inputs the rule is given, and neither mutated nor declared to decide. */
function untouched(rule: ResourceRule, type: string, cases: readonly RuleCase[]): string[] {
  const read = cases.flatMap(({ compliant, alsoCompliant = [], mutations }) => {
    const mutants = mutations.map(({ path, value }) => withValue(compliant, path.split("."), value));
    return [compliant, ...alsoCompliant, ...mutants].flatMap((inputs) => readBy(rule, type, inputs));
  });
  const mutated = cases.flatMap(({ mutations }) => mutations.map(({ path }) => placeOf(path.split("."))));
  const deciding = cases.flatMap(decidingPlaces);
  return read
    .map(placeOf)
    .filter((place) => !matches(place, deciding))
    .filter(
      (place) => !mutated.some((other) => other === place || isPart(place, other) || isOwner(place, other)),
    )
    .map((place) => `${place} is read, and no mutation touches it`);
}

/** The unknown and the absent variant of everything that is read of a compliant resource. */
function variants(rule: ResourceRule, one: RuleCase): string[] {
  const { type, compliant, mutations, wellWithout = [], refusesUnknown = [] } = one;
  const deciding = decidingPlaces(one);
  const paths = [...new Set(readBy(rule, type, compliant).map((steps) => steps.join(".")))];
  const there = paths.filter((path) => valueAt(compliant, path) !== undefined);
  const unknowns = there.flatMap((path) => {
    const inputs = withValue(compliant, path.split("."), unknown);
    const failed = violations(rule, type, inputs);
    if (matches(placeOf(path.split(".")), refusesUnknown))
      return failed.length === 0 ? `${path} is not refused while it is unknown` : [];
    if (failed.length > 0) return `${path} fails while it is unknown: ${failed.join(" ")}`;
    return unproven(rule, type, inputs).length === 0 ? `${path} passes while it is unknown` : [];
  });
  const absent = there
    .filter((path) => !/\.\d+$/.test(path))
    .flatMap((path) => {
      if (mutations.some((mutation) => mutation.path === path && mutation.value === undefined)) return [];
      const told = violations(rule, type, withValue(compliant, path.split("."), undefined));
      if (told.length > 0) return `without ${path} no mutation expects: ${told.join(" ")}`;
      const place = placeOf(path.split("."));
      return matches(place, [...wellWithout, ...deciding])
        ? []
        : `may be without ${path}, and no case says so`;
    });
  const stale = wellWithout
    .filter((place) => !there.some((path) => matches(placeOf(path.split(".")), [place])))
    .map((place) => `${place} is said to be left out, and is not there`);
  return [...unknowns, ...absent, ...stale];
}

function decidingPlaces({ decides = [], mutations }: RuleCase): string[] {
  return [...decides, ...mutations.flatMap(({ conditions = [] }) => conditions)];
}

/** Steps to every value that a rule reads of a resource. */
function readBy(rule: ResourceRule, type: string, inputs: Inputs): string[][] {
  const read: string[][] = [];
  const shown = traced(see(inputs), (steps) => read.push(steps));
  const subject = { urn: "urn:fixture", name: "fixture", type };
  for (const check of rule.checks)
    if (check.types.includes(type)) check.run(shown, subject, rule.settings ?? {});
  return read;
}

/** `environment.variables.*` stands for everything below it. */
export function matches(place: string, places: readonly string[]): boolean {
  return places.some(
    (other) => other === place || (other.endsWith(".*") && place.startsWith(other.slice(0, -1))),
  );
}

/** An entry of a list that is mutated as a whole. */
function isPart(place: string, mutated: string): boolean {
  return place === `${mutated}.*`;
}

/** Read as absent, where what it would hold is mutated. */
function isOwner(place: string, mutated: string): boolean {
  return mutated.startsWith(`${place}.`);
}
