// npm run build: the program of the one-off task as one file, for the API's image.
import { build } from "esbuild";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { bundling } from "../../rotation/build.ts";

/** Where the bundle lies, beside the functions' in rotation/dist. */
export const taskBundle = join(import.meta.dirname, "dist/migrate-task.mjs");

/** Writes the bundle anew and tells its size in bytes. It needs nothing but Node. */
export async function buildTask(outfile = taskBundle): Promise<number> {
  await build({
    ...bundling,
    entryPoints: [join(import.meta.dirname, "task.ts")],
    outfile,
  });
  return (await stat(outfile)).size;
}
