import { enableCompileCache } from "node:module";
import { main } from "./main.ts";

enableCompileCache();
await main(async () => (await import("./sandbox.ts")).sandbox(process.argv.slice(2)));
