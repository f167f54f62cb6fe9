/** `npm start` and `npm run sandbox` on another project: <project> <start|sandbox> <arguments>. */
import { main } from "../../../sandbox/cli/main.ts";
import { readStartOptions } from "../../../sandbox/cli/options.ts";
import { sandbox } from "../../../sandbox/cli/sandbox.ts";
import { start } from "../../../sandbox/cli/start.ts";

const [project = "", command, ...args] = process.argv.slice(2);

await main(async () => {
  if (command === "sandbox") return sandbox(args, { project });
  const options = readStartOptions(args);
  return options === undefined ? 0 : start(options, { project });
});
