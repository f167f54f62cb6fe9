// npm run build:runtime: the package as its users install it, below dist/: JavaScript in one file an entry, and its types.
import { Command } from "commander";
import { build } from "esbuild";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { common, entries, external } from "./bundles.ts";

/** Writes everything anew and tells the sizes in bytes, by file. */
export async function buildPackage(
  dist = join(import.meta.dirname, "dist"),
): Promise<Record<string, number>> {
  await rm(dist, { recursive: true, force: true });
  const { metafile } = await build({
    ...common,
    entryPoints: { ...entries },
    outdir: dist,
    format: "esm",
    // What entries share is one module, so that a Secrets of one is a Secrets of the other.
    splitting: true,
    minify: true,
    external,
    metafile: true,
  });
  emitTypes(join(dist, "types"));
  return Object.fromEntries(Object.entries(metafile.outputs).map(([file, { bytes }]) => [file, bytes]));
}

/** @throws Error with the compiler's messages */
function emitTypes(outDir: string): void {
  const { config } = ts.readConfigFile(join(import.meta.dirname, "../tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, import.meta.dirname);
  const program = ts.createProgram(
    Object.values(entries).map((file) => join(import.meta.dirname, file)),
    {
      ...options,
      types: ["node"],
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: import.meta.dirname,
      outDir,
    },
  );
  const { diagnostics } = program.emit();
  const all = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (all.length === 0) return;
  throw new Error(
    ts.formatDiagnostics(all, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => import.meta.dirname,
      getNewLine: () => "\n",
    }),
  );
}

if (import.meta.main) {
  new Command("npm run build:runtime --")
    .description(
      "Writes the package of runtime/ below runtime/dist/: one file of JavaScript an entry, and types.",
    )
    .helpOption("--help", "show this")
    .showHelpAfterError("See: npm run build:runtime -- --help")
    .parse();
  for (const [file, bytes] of Object.entries(await buildPackage())) {
    console.log(`runtime/${file}: ${(bytes / 1000).toFixed(1)} kB`);
  }
}
