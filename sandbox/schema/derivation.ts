/** Turns an SDK's type declarations into the schema that the stand-in cloud checks inputs against. */

import { join } from "node:path";
import ts from "typescript";
import { DeclarationError, Package } from "./declarations.ts";
import type { Declared } from "./declarations.ts";
import type { FunctionDeclaration, ResourceDeclaration, Schema } from "./schema.ts";

/** What is to be derived: an SDK, and which of its resources and functions by token. */
export interface Request {
  /** Name of the npm package. */
  readonly sdk: string;
  readonly resources: readonly string[];
  readonly functions: readonly string[];
  /** Folder of the installed packages. @default - node_modules of this checkout */
  readonly modules?: string;
}

export const defaultModules = join(import.meta.dirname, "..", "..", "node_modules");

/** Derives the schema. Throws one DeclarationError that lists every token for which there is no declaration. */
export function deriveSchema(request: Request): Schema {
  const modules = request.modules ?? defaultModules;
  const sdk = new Package(join(modules, request.sdk));
  const derivation = new Derivation(sdk, new Package(join(modules, "@pulumi/aws")));
  const problems: string[] = [];
  const each = <T>(tokens: readonly string[], derive: (token: string) => T): Record<string, T> => {
    const derived: Record<string, T> = {};
    for (const token of tokens.toSorted()) {
      try {
        derived[token] = derive(token);
      } catch (error) {
        if (!(error instanceof DeclarationError)) throw error;
        problems.push(`  ${token}: ${error.message}`);
      }
    }
    return derived;
  };
  const resources = each(request.resources, (token) => derivation.resource(token));
  const functions = each(request.functions, (token) => derivation.function(token));
  if (problems.length > 0)
    throw new DeclarationError(
      `${request.sdk} ${sdk.version} declares no such type:\n${problems.join("\n")}`,
    );
  const types = Object.fromEntries([...derivation.types].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { sdk: { name: request.sdk, version: sdk.version }, resources, functions, types };
}

class Derivation {
  readonly types = new Map<string, Record<string, string>>();
  readonly #sdk: Package;
  readonly #aws: Package;

  constructor(sdk: Package, aws: Package) {
    this.#sdk = sdk;
    this.#aws = aws;
  }

  resource(token: string): ResourceDeclaration {
    const { file, name } = locate(token);
    const args = this.#sdk.members(file, `${name}Args`);
    const outputs: Record<string, string> = {};
    for (const property of this.#sdk.members(file, name)) {
      const kind = this.#kind(unwrap(property.type), "output");
      if (kind !== undefined) outputs[property.name] = kind + (isOptional(property) ? "?" : "");
    }
    const replaceOn = args.filter((property) => forcesReplacement(property.comment)).map(({ name }) => name);
    return { inputs: this.#inputs(args), outputs, ...(replaceOn.length > 0 && { replaceOn }) };
  }

  function(token: string): FunctionDeclaration {
    const { file, name } = locate(token);
    const args = `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}Args`;
    return { inputs: this.#sdk.has(file, args) ? this.#inputs(this.#sdk.members(file, args)) : {} };
  }

  #inputs(properties: readonly Declared[]): Record<string, string> {
    const inputs: Record<string, string> = {};
    for (const property of properties) {
      const kind = this.#kind(unwrap(property.type), "input");
      if (kind !== undefined) inputs[property.name] = kind + (isOptional(property) ? "?" : "");
    }
    return inputs;
  }

  /** The kind in the notation of kinds.ts; undefined for `never`. */
  #kind(type: ts.TypeNode, direction: "input" | "output"): string | undefined {
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return "string";
      case ts.SyntaxKind.NumberKeyword:
        return "number";
      case ts.SyntaxKind.BooleanKeyword:
        return "boolean";
      case ts.SyntaxKind.AnyKeyword:
        return "any";
      case ts.SyntaxKind.NeverKeyword:
        return undefined;
      default:
    }
    if (ts.isArrayTypeNode(type)) return `[]${this.#kind(unwrap(type.elementType), direction) ?? "any"}`;
    if (ts.isTypeLiteralNode(type)) {
      const [member] = type.members;
      if (member !== undefined && ts.isIndexSignatureDeclaration(member))
        return `{}${this.#kind(unwrap(member.type), direction) ?? "any"}`;
    }
    if (ts.isUnionTypeNode(type)) return this.#union(type, direction);
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return `'${type.literal.text}'`;
    if (ts.isTypeReferenceNode(type)) return this.#reference(qualified(type.typeName), direction);
    throw new DeclarationError(`a type of an unforeseen form (${ts.SyntaxKind[type.kind]})`);
  }

  #union(type: ts.UnionTypeNode, direction: "input" | "output"): string {
    const kinds = new Set<string>();
    for (const member of type.types) {
      const kind =
        member.kind === ts.SyntaxKind.UndefinedKeyword ? undefined : this.#kind(unwrap(member), direction);
      if (kind !== undefined) kinds.add(kind);
    }
    const alternatives = [...kinds];
    // `string | SomeEnum` is open: the enumeration only suggests values.
    const open = alternatives.includes("string")
      ? alternatives.filter((kind) => !kind.startsWith("'"))
      : alternatives;
    return open.toSorted((a, b) => Number(a.startsWith("[]")) - Number(b.startsWith("[]"))).join("|");
  }

  #reference(name: readonly string[], direction: "input" | "output"): string {
    const [head = "", ...rest] = name;
    const last = rest.at(-1) ?? "";
    if (head === "pulumi" && rest[0] === "asset") return last === "Archive" ? "archive" : "asset";
    if (head === "enums") return this.#enumeration(rest);
    if (head === "outputs") return `#${rest.join(".")}`;
    if (head === "inputs") return this.#object(this.#sdk, rest, "");
    if (head === "pulumiAws" && rest[0] === "types" && rest[1] === "input")
      return this.#object(this.#aws, rest.slice(2), "aws:");
    if (direction === "output") return "any";
    // What is left are resources (`Role`, `pulumiAws.ec2.Vpc`): the engine hands them over as their id.
    return "string";
  }

  #enumeration(name: readonly string[]): string {
    const file = join("types", "enums", ...name.slice(0, -1), "index.d.ts");
    const values = this.#sdk.enumeration(file, name.at(-1) ?? "");
    return values.length === 0 ? "any" : values.map((value) => `'${value}'`).join("|");
  }

  #object(sdk: Package, path: readonly string[], prefix: string): string {
    const name = path.join(".");
    const key = prefix + name;
    if (!this.types.has(key)) {
      this.types.set(key, {});
      const owner = prefix === "" ? this : new Derivation(sdk, sdk);
      const members = sdk.members("types/input.d.ts", name);
      const inputs = owner.#inputs(members);
      for (const [nested, declaration] of owner === this ? [] : owner.types)
        this.types.set(prefix + nested, prefixed(declaration, prefix));
      this.types.set(key, owner === this ? inputs : prefixed(inputs, prefix));
    }
    return `#${key}`;
  }
}

function prefixed(declaration: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(declaration).map(([name, kind]) => [name, kind.replaceAll("#", `#${prefix}`)]),
  );
}

/** Where a token's declaration lies: `aws:rds/instance:Instance` in rds/instance.d.ts. */
function locate(token: string): { readonly file: string; readonly name: string } {
  const [, path = "", name = ""] = token.split(":");
  const [module = "", member] = path.split("/");
  const file = member ?? `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}`;
  return { file: module === "index" ? `${file}.d.ts` : join(module, `${file}.d.ts`), name };
}

/** Takes off `pulumi.Input<...>` and `pulumi.Output<...>`. */
function unwrap(type: ts.TypeNode): ts.TypeNode {
  if (ts.isParenthesizedTypeNode(type)) return unwrap(type.type);
  if (!ts.isTypeReferenceNode(type)) return type;
  const name = qualified(type.typeName).join(".");
  const argument = type.typeArguments?.[0];
  return (name === "pulumi.Input" || name === "pulumi.Output") && argument !== undefined
    ? unwrap(argument)
    : type;
}

function isOptional(property: Declared): boolean {
  const type = unwrap(property.type);
  const undefinable =
    ts.isUnionTypeNode(type) && type.types.some((member) => member.kind === ts.SyntaxKind.UndefinedKeyword);
  return property.optional || undefinable;
}

function qualified(name: ts.EntityName): string[] {
  return ts.isIdentifier(name) ? [name.text] : [...qualified(name.left), name.right.text];
}

/** Whether a comment says without any condition that a change replaces the resource. */
export function forcesReplacement(comment: string): boolean {
  return comment
    .split(/(?<=\.)\s+|;\s+/)
    .some(
      (sentence) =>
        /\bforces? (a )?(new resource|replacement)\b/i.test(sentence) &&
        !/\b(if|when|for|unless|may|less|not)\b|</i.test(sentence.replace(/if modified|if changed/i, "")),
    );
}
