// npm run build: one bundle a function, below dist/. Each exports `handler` and needs nothing but Node.
import { Command } from "commander";
import { build } from "esbuild";
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rdsAuthorities } from "./rds-authorities.ts";

/** The functions, and which of them reach a database. */
const functions = {
  database: { usesDatabase: true },
  bootstrap: { usesDatabase: true },
  cache: { usesDatabase: false },
  external: { usesDatabase: false },
  keyring: { usesDatabase: false },
  reminder: { usesDatabase: false },
} as const;

const dist = join(import.meta.dirname, "dist");

/** Writes every bundle anew and tells their sizes in bytes. */
export async function buildFunctions(): Promise<Record<string, number>> {
  await rm(dist, { recursive: true, force: true });
  const authorities = rdsAuthorities();
  const sizes = Object.entries(functions).map(async ([name, { usesDatabase }]) => {
    const folder = join(dist, name);
    await build({
      entryPoints: [join(import.meta.dirname, "handlers", `${name}.ts`)],
      outfile: join(folder, "index.mjs"),
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
    });
    if (usesDatabase) await writeFile(join(folder, "rds-authorities.pem"), authorities);
    return [name, (await stat(join(folder, "index.mjs"))).size] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

if (import.meta.main) {
  new Command("npm run build --")
    .description("Writes the functions of rotation/ as one file each below rotation/dist/.")
    .helpOption("--help", "show this")
    .parse();
  for (const [name, bytes] of Object.entries(await buildFunctions())) {
    console.log(`rotation/dist/${name}: ${Math.round(bytes / 1000)} kB`);
  }
}
