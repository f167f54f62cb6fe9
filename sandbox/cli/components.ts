import type { StateResource } from "./state.ts";

/** One part of a stack, and how much lies in it. */
export interface Part {
  /** E.g. `Database`, or the resource type for a resource that is in no component. */
  readonly name: string;
  /** Resources of the cloud, at any depth. */
  readonly resources: number;
}

/** Counts the cloud's resources by the component right below the stack that they belong to, in order of appearance. */
export function partsOf(resources: readonly StateResource[]): Part[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const counts = new Map<string, number>();
  for (const resource of resources) {
    if (!isOfCloud(resource)) continue;
    const name = partName(top(resource, byUrn));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, resources: count }));
}

export function isOfCloud(resource: StateResource): boolean {
  return resource.custom && !resource.type.startsWith("pulumi:");
}

function top(resource: StateResource, byUrn: ReadonlyMap<string, StateResource>): StateResource {
  let at = resource;
  for (;;) {
    const parent = at.parent === undefined ? undefined : byUrn.get(at.parent);
    if (parent === undefined || parent.type === "pulumi:pulumi:Stack") return at;
    at = parent;
  }
}

/** Components of one type are counted together: their names repeat it. */
function partName(resource: StateResource): string {
  return resource.custom ? resource.type : (resource.type.split(":").at(-1) ?? resource.type);
}
