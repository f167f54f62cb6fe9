import { enableCompileCache } from "node:module";
import { main } from "../cli/main.ts";

enableCompileCache();
await main(async () => (await import("./drill.ts")).drill());
