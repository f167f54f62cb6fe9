/** Reads the type declarations of a Pulumi SDK with the TypeScript compiler's parser. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The package holds no such declaration, or one of a form that nobody foresaw. */
export class DeclarationError extends Error {}

/** One property of an interface or class: its type and its comment. */
export interface Declared {
  readonly name: string;
  readonly type: ts.TypeNode;
  readonly optional: boolean;
  /** The comment's text without tags, in one line. */
  readonly comment: string;
}

type Members = ReadonlyMap<string, ts.InterfaceDeclaration | ts.ClassDeclaration | ts.VariableStatement>;

/** An SDK package unpacked in a folder, e.g. node_modules/@pulumi/aws. Files are parsed once, when asked for. */
export class Package {
  readonly folder: string;
  readonly #files = new Map<string, Members>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The version in its package.json. */
  get version(): string {
    const manifest = JSON.parse(readFileSync(join(this.folder, "package.json"), "utf8")) as {
      version: string;
    };
    return manifest.version;
  }

  /** The members of an interface or class; `name` is qualified by its namespaces, e.g. `rds.InstanceTimeouts`. */
  members(file: string, name: string): readonly Declared[] {
    const node = this.#parse(file).get(name);
    if (node === undefined || ts.isVariableStatement(node))
      throw new DeclarationError(`${join(this.folder, file)} does not declare ${name}`);
    const declared: Declared[] = [];
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
      if (member.type === undefined || !ts.isIdentifier(member.name)) continue;
      if (member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword)) continue;
      const optional = member.questionToken !== undefined;
      declared.push({ name: member.name.text, type: member.type, optional, comment: comment(member) });
    }
    return declared;
  }

  has(file: string, name: string): boolean {
    return existsSync(join(this.folder, file)) && this.#parse(file).has(name);
  }

  /** The values of an enumeration, which these SDKs write as a constant object. */
  enumeration(file: string, name: string): readonly string[] {
    const node = this.#parse(file).get(name);
    const type =
      node !== undefined && ts.isVariableStatement(node)
        ? node.declarationList.declarations[0]?.type
        : undefined;
    if (type === undefined || !ts.isTypeLiteralNode(type))
      throw new DeclarationError(`${join(this.folder, file)} does not declare the enumeration ${name}`);
    return type.members.flatMap((member) =>
      ts.isPropertySignature(member) &&
      member.type !== undefined &&
      ts.isLiteralTypeNode(member.type) &&
      ts.isStringLiteral(member.type.literal)
        ? [member.type.literal.text]
        : [],
    );
  }

  #parse(file: string): Members {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const path = join(this.folder, file);
    if (!existsSync(path)) throw new DeclarationError(`There is no ${path}`);
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, false);
    const members = new Map<string, ts.InterfaceDeclaration | ts.ClassDeclaration | ts.VariableStatement>();
    collect(source.statements, "", members);
    this.#files.set(file, members);
    return members;
  }
}

function collect(
  statements: readonly ts.Statement[],
  prefix: string,
  into: Map<string, ts.InterfaceDeclaration | ts.ClassDeclaration | ts.VariableStatement>,
): void {
  for (const node of statements) {
    if (ts.isModuleDeclaration(node) && node.body !== undefined && ts.isModuleBlock(node.body))
      collect(node.body.statements, `${prefix}${node.name.text}.`, into);
    else if ((ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined)
      into.set(prefix + node.name.text, node);
    else if (ts.isVariableStatement(node)) {
      const name = node.declarationList.declarations[0]?.name;
      if (name !== undefined && ts.isIdentifier(name)) into.set(prefix + name.text, node);
    }
  }
}

function comment(node: ts.Node): string {
  const blocks = (node as ts.Node & { jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];
  return blocks
    .map((block) => ts.getTextOfJSDocComment(block.comment) ?? "")
    .join(" ")
    .replace(/\s+/g, " ");
}
