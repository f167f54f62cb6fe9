import { urnName } from "./events.ts";
import type { StateResource } from "./state.ts";

/** One part of a stack, and how much lies in it. */
export interface Part {
  /** A component's type without its namespace, e.g. `Database`; `other` for what belongs to none. */
  readonly name: string;
  /** Resources of the cloud, at any depth. */
  readonly resources: number;
}

const other = "other";

/** Counts the cloud's resources by the component right below the stack that they belong to, in order of appearance. */
export function partsOf(resources: readonly StateResource[]): Part[] {
  const ownerOf = owners(resources);
  const counts = new Map<string, number>();
  for (const resource of resources) {
    if (!isOfCloud(resource)) continue;
    // Components of one type are counted together: their names repeat it.
    const name = ownerOf(resource)?.type.split(":").at(-1) ?? other;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const strays = counts.get(other);
  counts.delete(other);
  return [...counts, ...(strays === undefined ? [] : [[other, strays] as const])].map(([name, count]) => ({
    name,
    resources: count,
  }));
}

/** Finds the component right below the stack that a resource belongs to; undefined where it belongs to none. */
export function owners<Resource extends StateResource>(
  resources: readonly Resource[],
): (resource: Resource) => Resource | undefined {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const components = resources.filter((resource) => !resource.custom && top(resource, byUrn) === resource);
  return (resource) => {
    const above = top(resource, byUrn);
    return above.custom ? namesake(above, components) : above;
  };
}

export function isOfCloud(resource: StateResource): boolean {
  return resource.custom && !resource.type.startsWith("pulumi:");
}

function top<Resource extends StateResource>(
  resource: Resource,
  byUrn: ReadonlyMap<string, Resource>,
): Resource {
  let at = resource;
  for (;;) {
    const parent = at.parent === undefined ? undefined : byUrn.get(at.parent);
    if (parent === undefined || parent.type === "pulumi:pulumi:Stack") return at;
    at = parent;
  }
}

/** The component whose name a resource outside all of them begins with: `api-logs` belongs to `api`. */
function namesake<Resource extends StateResource>(
  resource: Resource,
  components: readonly Resource[],
): Resource | undefined {
  const name = urnName(resource.urn);
  const [longest] = components
    .filter((component) => name.startsWith(`${urnName(component.urn)}-`))
    .sort((a, b) => urnName(b.urn).length - urnName(a.urn).length);
  return longest;
}
