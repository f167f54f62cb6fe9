// npm run build: the program of the one-off task as one file, for the API's image.
import { build } from "esbuild";
import { stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the bundle lies, beside the functions' in rotation/dist. */
export const taskBundle = join(import.meta.dirname, "dist/migrate-task.mjs");

/** Writes the bundle anew and tells its size in bytes. It needs nothing but Node. */
export async function buildTask(outfile = taskBundle): Promise<number> {
  await build({
    entryPoints: [join(import.meta.dirname, "task.ts")],
    outfile,
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
  return (await stat(outfile)).size;
}
