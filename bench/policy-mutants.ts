import type { Snapshot } from "../policies/core/snapshot.ts";
import { withValue } from "../tests/policies/harness.ts";
import { isHarmless } from "../tests/policies/mutation/harmless.ts";
import type { Mutant } from "../tests/policies/mutation/mutants.ts";
import { propertiesOf } from "../tests/policies/mutation/schema.ts";
import { mutantsOfStack } from "../tests/policies/mutation/stack.ts";

/** Mutants of a stack by how they are made. */
export interface MutantSets {
  /** What the pack's own tests demand that it refuses, all of it: each property that matters by its name, made worse. */
  readonly worse: readonly Mutant[];
  /** Whatever is set taken away, each switch turned: no name chosen, and much of it does no harm. */
  readonly changed: readonly Mutant[];
}

/** The mutants that every pack judges. */
export function mutantSets(snapshot: Snapshot): MutantSets {
  return {
    worse: mutantsOfStack(snapshot).filter((mutant) => !isHarmless(mutant)),
    changed: snapshot.declared.filter(({ custom }) => custom).flatMap(changes),
  };
}

function changes(resource: Snapshot["declared"][number]): Mutant[] {
  return propertiesOf(resource.type, resource.inputs).flatMap(({ steps }) => {
    const value = steps.reduce<unknown>(
      (owner, step) => (owner as Record<string, unknown> | undefined)?.[step],
      resource.inputs,
    );
    if (value === undefined) return [];
    const path = steps.join(".");
    const change = (verb: string, to: unknown): Mutant => ({
      resource,
      title: `${verb} ${path}`,
      inputs: withValue(resource.inputs, steps, to),
    });
    return [change("remove", undefined), ...(typeof value === "boolean" ? [change("turn", !value)] : [])];
  });
}
