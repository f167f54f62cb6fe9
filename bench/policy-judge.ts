/**
 * Judges stacks as the engine has them judged, without the engine: through the policy SDK's own handlers, which decode
 * each request. `node bench/policy-judge.ts <pack> <recorded stack>` prints a line of JSON for each stack.
 */
import { readFile } from "node:fs/promises";
import type { Snapshot } from "../policies/core/snapshot.ts";
import { packs, Served, type Pack } from "./packs.ts";
import { generated, recorded, type AskedStack } from "./policy-stacks.ts";

/** What a pack took for a stack. */
export interface Judged {
  readonly stack: string;
  readonly resources: number;
  readonly rules: number;
  /** CPU, for each resource of the stack. */
  readonly milliseconds: number;
}

/** Milliseconds of CPU for each resource. */
async function judge(pack: Pack, { resources, stack }: AskedStack): Promise<number> {
  const served = new Served(pack);
  const start = process.cpuUsage();
  for (const request of resources) await served.judge(request);
  await served.judgeStack(stack);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / resources.length;
}

const [name = "", file = ""] = process.argv.slice(2);
const pack = await packs[name]?.();
if (pack === undefined)
  throw new Error(`There is no pack ${name}; there are ${Object.keys(packs).join(", ")}.`);
const production = recorded(JSON.parse(await readFile(file, "utf8")) as Snapshot);
const stacks = {
  "200 generated": generated(200),
  "2,000 generated": generated(2000),
  production,
};
await judge(pack, generated(200)); // so that the code is compiled
for (const [stack, asked] of Object.entries(stacks)) {
  const resources = asked.resources.length;
  const line: Judged = { stack, resources, rules: pack.rules, milliseconds: await judge(pack, asked) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
