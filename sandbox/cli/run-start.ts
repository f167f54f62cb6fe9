import { enableCompileCache } from "node:module";
import { main } from "./main.ts";

enableCompileCache();
await main(async () => {
  const { readStartOptions } = await import("./options.ts");
  const options = readStartOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  return (await import("./start.ts")).start(options);
});
