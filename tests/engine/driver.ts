/**
 * The sandbox's two commands on another project: <project> <start|sandbox> <arguments>. Faults for `sandbox`, which has no
 * option for them, stand in the variable FAULTS, separated by spaces.
 */
import { main } from "../../sandbox/cli/main.ts";
import { readStartOptions } from "../../sandbox/cli/options.ts";
import { sandbox } from "../../sandbox/cli/sandbox.ts";
import { start } from "../../sandbox/cli/start.ts";

const [project = "", command, ...args] = process.argv.slice(2);

await main(async () => {
  if (command === "sandbox") {
    const faults = (process.env["FAULTS"] ?? "").split(" ").filter((fault) => fault !== "");
    return sandbox(args, { project, faults });
  }
  const options = readStartOptions(args);
  return options === undefined ? 0 : start(options, { project });
});
