import schema from "../../../sandbox/schema/aws.generated.json" with { type: "json" };

type Shapes = Readonly<Record<string, { readonly inputs?: Readonly<Record<string, string>> } | undefined>>;
const resources = schema.resources as unknown as Shapes;
const types = schema.types as unknown as Readonly<
  Record<string, Readonly<Record<string, string>> | undefined>
>;

/** A property of a resource type, or of an object within it that this resource has. */
export interface Property {
  /** Steps into the inputs: names, and indices of lists. */
  steps: readonly (string | number)[];
  /** The names alone: `rules.applyServerSideEncryptionByDefault.sseAlgorithm`. */
  path: string;
  kind: "boolean" | "string" | "number" | "list" | "object";
}

/** Every property that the SDK's types give a resource, nested ones where the resource has their owner. */
export function propertiesOf(type: string, inputs: Record<string, unknown>): Property[] {
  const shape = resources[type]?.inputs;
  return shape === undefined ? [] : walk(shape, inputs, [], "");
}

function walk(
  shape: Readonly<Record<string, string>>,
  owner: Record<string, unknown>,
  steps: readonly (string | number)[],
  path: string,
): Property[] {
  return Object.entries(shape).flatMap(([name, notation]) => {
    const own = path === "" ? name : `${path}.${name}`;
    const at = [...steps, name];
    const bare = notation.replace(/\?$/, "");
    const value = owner[name];
    if (bare.startsWith("[]")) {
      const list: Property = { steps: at, path: own, kind: "list" };
      const nested = types[bare.slice(3)];
      if (!bare.startsWith("[]#") || nested === undefined || !Array.isArray(value)) return [list];
      return [
        list,
        ...(value as Record<string, unknown>[]).flatMap((entry, index) =>
          walk(nested, entry, [...at, index], own),
        ),
      ];
    }
    if (bare.startsWith("#")) {
      const object: Property = { steps: at, path: own, kind: "object" };
      const nested = types[bare.slice(1)];
      if (nested === undefined || typeof value !== "object" || value === null) return [object];
      return [object, ...walk(nested, value as Record<string, unknown>, at, own)];
    }
    const kind = bare === "boolean" || bare === "number" ? bare : "string";
    return [{ steps: at, path: own, kind }];
  });
}
