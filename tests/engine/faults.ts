/** Deployments in a cloud that fails: which faults struck, and waves of them until every type has been struck. */
import assert from "node:assert/strict";
import { isOfCloud } from "../../sandbox/cli/components.ts";
import { type Ended, printed, type Project, type Resource } from "./harness.ts";

export type Kind = "error" | "error-after" | "timeout" | "throttle";

/** The types of the resources that a stack has, `random`'s included, in the order of their first creation. */
export function typesOf(resources: readonly Resource[]): string[] {
  return [...new Set(resources.filter(isOfCloud).map(({ type }) => type))];
}

/** An update that goes on with whatever does not depend on what failed. */
export function upWithFaults(project: Project, stack: string, faults: readonly string[]): Promise<Ended> {
  return project.sandboxWithFaults(
    faults,
    ...["up", "--yes", "--skip-preview", "--continue-on-error", "--non-interactive", "--stack", stack],
  );
}

/** The types whose creation an injected fault made fail, as the update told them. */
export function struckTypes(ended: Ended): Set<string> {
  const found = `${ended.stdout}\n${ended.stderr}`.matchAll(/create (\S+:\S+:\w+): .*\(injected fault\)/g);
  return new Set([...found].map(([, type = ""]) => type));
}

/**
 * Brings a stack up in a cloud in which the first creation of each type fails once. What depends on what failed waits
 * for the next update, which meets the faults of its own types; so few updates reach them all.
 *
 * @param types Those that are to fail.
 * @param onWave Hears how many types each update has struck.
 * @returns How many updates it took.
 */
export async function strikeAll(
  project: Project,
  stack: string,
  {
    types,
    kind,
    onWave,
  }: { types: readonly string[]; kind: Kind; onWave?: (struck: number, left: number) => void },
): Promise<number> {
  const left = new Set(types);
  for (let wave = 1; ; wave += 1) {
    const ended = await upWithFaults(
      project,
      stack,
      [...left].map((type) => `create:${type}=${kind}`),
    );
    const struck = struckTypes(ended);
    for (const type of struck) assert.ok(left.delete(type), `${type} failed twice\n${printed(ended)}`);
    onWave?.(struck.size, left.size);
    assert.ok(
      struck.size > 0,
      `update ${wave} struck nothing; these types were not created: ${[...left].join(", ")}\n${printed(ended)}`,
    );
    if (left.size === 0) return wave;
  }
}
