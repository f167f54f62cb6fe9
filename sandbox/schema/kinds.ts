/**
 * The compact notation for the kind of a property in the derived schema.
 *
 * `string`, `number`, `boolean`, `any`, `asset`, `archive`; `'a'` a literal; `#rds.InstanceTimeouts` an object of the table
 * `types`; `[]K` a list, `{}K` a map; alternatives are joined by `|`; a final `?` means that it may be left out.
 */
export type Kind =
  | { readonly of: "string" | "number" | "boolean" | "any" | "asset" | "archive" }
  | { readonly of: "literal"; readonly values: readonly string[] }
  | { readonly of: "object"; readonly type: string }
  | { readonly of: "list" | "map"; readonly element: Kind }
  | { readonly of: "union"; readonly kinds: readonly Kind[] };

export interface Property {
  readonly kind: Kind;
  readonly optional: boolean;
}

const parsed = new Map<string, Property>();

/** What a text in the notation means. */
export function parseProperty(text: string): Property {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const optional = text.endsWith("?");
  const property = { kind: parseKind(optional ? text.slice(0, -1) : text), optional };
  parsed.set(text, property);
  return property;
}

function parseKind(text: string): Kind {
  if (text.startsWith("[]")) return { of: "list", element: parseKind(text.slice(2)) };
  if (text.startsWith("{}")) return { of: "map", element: parseKind(text.slice(2)) };
  const parts = text.split("|");
  if (parts.length > 1) {
    if (parts.every((part) => part.startsWith("'"))) return { of: "literal", values: parts.map(unquote) };
    return { of: "union", kinds: parts.map(parseKind) };
  }
  if (text.startsWith("#")) return { of: "object", type: text.slice(1) };
  if (text.startsWith("'")) return { of: "literal", values: [unquote(text)] };
  switch (text) {
    case "string":
    case "number":
    case "boolean":
    case "any":
    case "asset":
    case "archive":
      return { of: text };
    default:
      throw new Error(`"${text}" is not a kind of the derived schema. Run "npm run schema".`);
  }
}

function unquote(text: string): string {
  return text.slice(1, -1);
}

/** The kind in words, e.g. "a list of strings". */
export function describeKind(kind: Kind): string {
  switch (kind.of) {
    case "literal":
      return kind.values.length === 1
        ? `"${kind.values[0] ?? ""}"`
        : `one of ${kind.values.map((value) => `"${value}"`).join(", ")}`;
    case "object":
      return "an object";
    case "list":
      return `a list of ${plural(kind.element)}`;
    case "map":
      return `a map of ${plural(kind.element)}`;
    case "union":
      return kind.kinds.map(describeKind).join(" or ");
    case "any":
      return "any value";
    case "asset":
    case "archive":
      return `an ${kind.of}`;
    default:
      return `a ${kind.of}`;
  }
}

function plural(kind: Kind): string {
  switch (kind.of) {
    case "string":
    case "number":
    case "boolean":
    case "object":
      return `${kind.of}s`;
    case "list":
      return "lists";
    case "map":
      return "maps";
    default:
      return "values";
  }
}
