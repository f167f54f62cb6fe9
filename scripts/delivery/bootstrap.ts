/** `npm run bootstrap -- --repository <owner>/<name>`: what an AWS account needs once before pipelines deploy into it. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { main } from "../../sandbox/cli/main.ts";
import { readBootstrapOptions } from "./bootstrap/options.ts";

enableCompileCache();
await main(async () => {
  const options = readBootstrapOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  const { bootstrap } = await import("./bootstrap/run.ts");
  const local = pathToFileURL(join(import.meta.dirname, "../../.bootstrap")).href;
  return bootstrap(options, process.env["PULUMI_BACKEND_URL"] ?? local);
});
