/** `npm run report`: what a pull request shows of a stack. */
import { enableCompileCache } from "node:module";
import { main } from "../sandbox/cli/main.ts";

enableCompileCache();
await main(async () => (await import("./report/command.ts")).report(process.argv.slice(2)));
