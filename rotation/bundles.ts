import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The functions, and which of them reach a database. */
export const functions = {
  database: { usesDatabase: true },
  bootstrap: { usesDatabase: true },
  cache: { usesDatabase: false },
  external: { usesDatabase: false },
  keyring: { usesDatabase: false },
  reminder: { usesDatabase: false },
} as const;

export type FunctionName = keyof typeof functions;

/** Where this package lies, and what is built of it. */
export const rotationFolder = import.meta.dirname;
export const distFolder = join(rotationFolder, "dist");

/** What the functions were built of and into, as SHA-256 by path: by content, since a checkout sets every file's time anew. */
export interface Manifest {
  /** This package's files. */
  sources: Readonly<Record<string, string>>;
  /** Versions of the packages that went into a bundle, by folder: `node_modules/pg`. */
  packages: Readonly<Record<string, string>>;
  /** The files of each function. */
  functions: Readonly<Record<FunctionName, Readonly<Record<string, string>>>>;
}

/** A function as it is deployed. */
export interface Bundle {
  /** Where its files lie, by the name that they have in the function. */
  files: Readonly<Record<string, string>>;
  /** Changes with every byte of it. */
  hash: string;
}

/** Below this package. */
export const manifestFile = "dist/manifest.json";

/**
 * The built functions, proven to be what today's sources give.
 *
 * @param folder where this package lies
 * @throws Error that names the file at fault, where they are not built, or of other sources, or changed since
 */
export function bundles(folder = rotationFolder): Readonly<Record<FunctionName, Bundle>> {
  const manifest = readManifest(folder);
  const fault = manifest ? differenceFrom(manifest, folder) : "they were never built";
  if (!manifest || fault !== undefined) {
    throw new Error(
      `The functions in rotation/dist cannot be deployed: ${fault ?? ""}. Build them: npm run build (npm ci does it too).`,
    );
  }
  return mapFunctions((name) => {
    const files = manifest.functions[name];
    return {
      files: Object.fromEntries(Object.keys(files).map((file) => [file, join(folder, "dist", name, file)])),
      hash: sha256(JSON.stringify(files)),
    };
  });
}

/** Whether {@link bundles} would have them. */
export function isBuilt(): boolean {
  const manifest = readManifest(rotationFolder);
  return manifest !== undefined && differenceFrom(manifest, rotationFolder) === undefined;
}

/** This package's own files that decide what the bundles hold. */
export function sourceHashes(folder = rotationFolder): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((file) => file.endsWith(".ts") && !/^(dist|node_modules)\//.test(file));
  return Object.fromEntries(files.sort().map((file) => [file, hashOf(join(folder, file)) ?? ""]));
}

/** The version of a package by its folder; undefined where it is not installed. */
export function packageVersion(path: string, folder = rotationFolder): string | undefined {
  try {
    const text = readFileSync(join(folder, "..", path, "package.json"), "utf8");
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function mapFunctions<Value>(map: (name: FunctionName) => Value): Record<FunctionName, Value> {
  const names = Object.keys(functions) as FunctionName[];
  return Object.fromEntries(names.map((name) => [name, map(name)])) as Record<FunctionName, Value>;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, manifestFile), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

function differenceFrom(manifest: Manifest, folder: string): string | undefined {
  const now = sourceHashes(folder);
  for (const file of new Set([...Object.keys(now), ...Object.keys(manifest.sources)])) {
    if (now[file] !== manifest.sources[file]) return `rotation/${file} is not what they were built of`;
  }
  for (const [path, version] of Object.entries(manifest.packages)) {
    const found = packageVersion(path, folder);
    if (found !== version) return `${path} is ${found ?? "not installed"}, and they were built of ${version}`;
  }
  for (const name of Object.keys(functions) as FunctionName[]) {
    for (const [file, hash] of Object.entries(manifest.functions[name])) {
      if (hashOf(join(folder, "dist", name, file)) !== hash)
        return `rotation/dist/${name}/${file} is not what was built`;
    }
  }
  return undefined;
}

function hashOf(path: string): string | undefined {
  try {
    return sha256(readFileSync(path));
  } catch {
    return undefined;
  }
}
