/** The derived schema as Pulumi's package schema, from which `pulumi import` writes code. Only what it needs for that. */

import { parseProperty } from "../schema/kinds.ts";
import type { Kind } from "../schema/kinds.ts";
import type { Schema } from "../schema/schema.ts";

type Spec = Readonly<Record<string, unknown>>;
type Declarations = Readonly<Record<string, string>>;

/** GetSchema's answer for a provider. */
export function packageSchema(provider: string, schema: Schema): Spec {
  const resources: Record<string, Spec> = {};
  for (const [token, { inputs, outputs }] of Object.entries(schema.resources))
    resources[token] = {
      inputProperties: properties(provider, inputs, schema),
      requiredInputs: required(inputs),
      properties: properties(provider, outputs, schema),
      required: required(outputs),
    };
  const types: Record<string, Spec> = {};
  for (const [name, declared] of Object.entries(schema.types))
    types[typeToken(provider, name)] = {
      type: "object",
      properties: properties(provider, declared, schema),
      required: required(declared),
    };
  return {
    name: provider,
    version: schema.sdk.version,
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    resources,
    types,
  };
}

function properties(provider: string, declared: Declarations, schema: Schema): Spec {
  return Object.fromEntries(
    Object.entries(declared).map(([name, text]) => [name, spec(provider, parseProperty(text).kind, schema)]),
  );
}

function required(declared: Declarations): readonly string[] {
  return Object.keys(declared).filter((name) => !parseProperty(declared[name] ?? "").optional);
}

function spec(provider: string, kind: Kind, schema: Schema): Spec {
  switch (kind.of) {
    case "list":
      return { type: "array", items: spec(provider, kind.element, schema) };
    case "map":
      return { type: "object", additionalProperties: spec(provider, kind.element, schema) };
    case "union":
      return { oneOf: kind.kinds.map((alternative) => spec(provider, alternative, schema)) };
    case "literal":
      return { type: "string" };
    case "asset":
    case "archive":
      return { $ref: `pulumi.json#/${kind.of === "asset" ? "Asset" : "Archive"}` };
    case "object":
      return kind.type in schema.types ? { $ref: `#/types/${typeToken(provider, kind.type)}` } : any;
    case "any":
      return any;
    default:
      return { type: kind.of };
  }
}

const any: Spec = { $ref: "pulumi.json#/Any" };

/** `rds.InstanceTimeouts` is `aws:rds/InstanceTimeouts:InstanceTimeouts`. */
function typeToken(provider: string, name: string): string {
  const path = name.replaceAll(":", ".").split(".");
  const last = path.at(-1) ?? "";
  return `${provider}:${path.length > 1 ? path.slice(0, -1).join(".") : "index"}/${last}:${last}`;
}
