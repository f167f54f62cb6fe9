/** `npm run cost`: what a stack costs a month, and what a change of it does to that. */
import { enableCompileCache } from "node:module";
import { main } from "../sandbox/cli/main.ts";

enableCompileCache();
await main(async () => (await import("./cost/command.ts")).cost(process.argv.slice(2)));
