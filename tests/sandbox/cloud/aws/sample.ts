import { parseProperty } from "../../../../sandbox/schema/kinds.ts";
import type { Kind } from "../../../../sandbox/schema/kinds.ts";
import type { ResourceDeclaration, Schema } from "../../../../sandbox/schema/schema.ts";

const NAMES_ARN = /arn$|^(topic|secretId)$/i;
const SAMPLE_ARN = "arn:aws:service:us-east-1:123456789012:kind/sample";

/** Inputs of a type as the SDK declares them: only the required ones, or all of them at any depth. */
export function sampleInputs(
  declaration: ResourceDeclaration,
  types: Schema["types"],
  which: "required" | "all",
) {
  return sampleObject(declaration.inputs, types, which, 0);
}

function sampleObject(
  properties: Readonly<Record<string, string>>,
  types: Schema["types"],
  which: "required" | "all",
  depth: number,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .map(([name, text]) => [name, parseProperty(text)] as const)
      .filter(([, { optional }]) => which === "all" || !optional)
      .map(([name, { kind }]) => [
        name,
        kind.of === "string" && NAMES_ARN.test(name) ? SAMPLE_ARN : sampleValue(kind, types, which, depth),
      ]),
  );
}

function sampleValue(kind: Kind, types: Schema["types"], which: "required" | "all", depth: number): unknown {
  switch (kind.of) {
    case "list":
      return [sampleValue(kind.element, types, which, depth)];
    case "map":
      return { key: sampleValue(kind.element, types, which, depth) };
    case "object":
      // Statements of a web ACL nest without end.
      return depth > 6 ? {} : sampleObject(types[kind.type] ?? {}, types, which, depth + 1);
    case "union": {
      const text = kind.kinds.find(({ of }) => of === "string") ?? kind.kinds[0];
      return text === undefined ? "" : sampleValue(text, types, which, depth);
    }
    case "literal":
      return kind.values[0];
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return "sample";
  }
}

/** The value, noting in `asked` every property that is asked for and not there. */
export function watched<T>(value: T, asked: Set<string>, path = ""): T {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof name === "symbol" || Array.isArray(target) || name === "toJSON")
        return watched(found, asked, `${path}[]`);
      if (!(name in target)) asked.add(path === "" ? name : `${path}.${name}`);
      return watched(found, asked, path === "" ? name : `${path}.${name}`);
    },
  });
}
