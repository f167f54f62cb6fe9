import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { checkout, places } from "./places.ts";

const rooms = ["stacks", "components"];

/** The module that loads the AWS SDK for all others, by other means than an import. */
const lazyImports = "components/aws.ts";

/** The packages' modules that a source imports when it runs; what only its types need is none. */
export function importedModules(source: string): string[] {
  const { statements } = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    const from = moduleOf(statement);
    return from === undefined || /^(?:\.|node:)/.test(from) ? [] : [from];
  });
}

function moduleOf(statement: ts.Statement): string | undefined {
  const isType = ts.isImportDeclaration(statement)
    ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : !ts.isExportDeclaration(statement) || statement.isTypeOnly;
  if (isType) return undefined;
  const { moduleSpecifier } = statement as ts.ImportDeclaration | ts.ExportDeclaration;
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
    ? moduleSpecifier.text
    : undefined;
}

/** The package of a module: `@pulumi/awsx/ec2/vpc.js` is of `@pulumi/awsx`. */
export function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Programs that import what the real one imports, and do nothing. */
export interface ImportFloors {
  /** Each package as a whole. */
  readonly packages: string;
  /** The very modules that the real one imports. */
  readonly modules: string;
}

/** Writes the floors anew from the program's sources; gives the files. */
export async function writeImportFloors(): Promise<ImportFloors> {
  const modules = new Set<string>();
  for (const room of rooms) {
    for (const file of await readdir(join(checkout, room), { recursive: true })) {
      if (!file.endsWith(".ts")) continue;
      for (const module of importedModules(await readFile(join(checkout, room, file), "utf8")))
        modules.add(module);
    }
  }
  const aws = pathToFileURL(join(checkout, lazyImports)).href;
  const packages = new Set([...modules].map(packageOf)).add("@pulumi/aws");
  return {
    packages: await write("packages.mjs", [...packages]),
    modules: await write("modules.mjs", [...modules, aws]),
  };
}

async function write(name: string, modules: readonly string[]): Promise<string> {
  await mkdir(places.programs, { recursive: true });
  const file = join(places.programs, name);
  const lines = modules.toSorted().map((module) => `import ${JSON.stringify(module)};\n`);
  await writeFile(file, lines.join(""));
  return file;
}
