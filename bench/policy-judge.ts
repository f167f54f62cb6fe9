/**
 * Judges stacks as the engine has them judged, without the engine: through the policy SDK's own handlers, which decode
 * each request. `node bench/policy-judge.ts <pack> <recorded stack>` prints a line of JSON for each stack.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Snapshot } from "../policies/core/snapshot.ts";
import { generated, recorded, type AskedStack } from "./policy-stacks.ts";
import { awsguardFolder } from "./places.ts";

/** What a pack took for a stack. */
export interface Judged {
  readonly stack: string;
  readonly resources: number;
  readonly rules: number;
  /** CPU, for each resource of the stack. */
  readonly milliseconds: number;
}

type Callback = (error: Error | null | undefined, response: unknown) => void;
type Handler = (call: { request: unknown }, callback: Callback) => void;
type MakeHandler = (pack: string, version: string, level: string, policies: unknown) => Handler;
interface Server {
  makeRemediateRpcFun: MakeHandler;
  makeAnalyzeRpcFun: MakeHandler;
  makeAnalyzeStackRpcFun: MakeHandler;
}

/** A pack with the SDK that runs it. */
interface Pack {
  readonly server: Server;
  /** Anew for each stack, as a process has them. */
  readonly policies: () => unknown;
  readonly rules: number;
}

interface Named {
  readonly name: string;
}

/** awsguard's rules that ask AWS itself about what is there. */
const ASKS_AWS: ReadonlySet<string> = new Set(["acm-certificate-expiration"]);

const packs: Readonly<Record<string, () => Promise<Pack>>> = {
  "macro-ai": async () => {
    const { toPolicies } = await import("../policies/core/pack.ts");
    const { rules } = await import("../policies/rules.ts");
    return {
      server: createRequire(import.meta.url)("@pulumi/policy/server") as Server,
      policies: () => toPolicies(rules, { preview: true, stack: {}, today: new Date() }),
      rules: rules.length,
    };
  },
  awsguard: () => {
    const require = createRequire(join(awsguardFolder, "package.json"));
    const core = require("@pulumi/awsguard/awsGuard") as {
      registerPolicy: (key: string, policy: Named) => void;
    };
    const policies: Named[] = [];
    // Its modules register their rules at a constructor that would start to serve.
    core.registerPolicy = (_, policy) => policies.push(policy);
    require("@pulumi/awsguard");
    const offline = policies.filter((policy) => !ASKS_AWS.has(policy.name));
    return Promise.resolve({
      server: require("@pulumi/policy/server") as Server,
      policies: () => offline,
      rules: offline.length,
    });
  },
};

function ask(handler: Handler, request: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error: Error | null | undefined) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

/** Milliseconds of CPU for each resource. */
async function judge({ server, policies }: Pack, { resources, stack }: AskedStack): Promise<number> {
  const own = policies();
  const [remediate, analyze, analyzeStack] = [
    server.makeRemediateRpcFun,
    server.makeAnalyzeRpcFun,
    server.makeAnalyzeStackRpcFun,
  ].map((make) => make("bench", "1.0.0", "mandatory", own)) as [Handler, Handler, Handler];
  const start = process.cpuUsage();
  for (const request of resources) {
    await ask(remediate, request);
    await ask(analyze, request);
  }
  await ask(analyzeStack, stack);
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
