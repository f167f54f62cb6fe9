import { createRequire } from "node:module";
import { join } from "node:path";
import type analyzerTypes from "@pulumi/pulumi/proto/analyzer_pb.js";
import { awsguardFolder } from "./places.ts";

type Callback = (error: Error | null | undefined, response: unknown) => void;
type Handler = (call: { request: unknown }, callback: Callback) => void;
type MakeHandler = (pack: string, version: string, level: string, policies: unknown) => Handler;
interface Server {
  makeRemediateRpcFun: MakeHandler;
  makeAnalyzeRpcFun: MakeHandler;
  makeAnalyzeStackRpcFun: MakeHandler;
}

/** A pack with the SDK that runs it. */
export interface Pack {
  readonly server: Server;
  /** Anew for each stack, as a process has them. */
  readonly policies: () => unknown;
  readonly rules: number;
  /** The types that its rules are about. */
  readonly types: ReadonlySet<string>;
}

/** What the SDK makes of a check for one type. */
interface ForType {
  readonly __pulumiType?: string;
}

interface Policy {
  readonly name: string;
  readonly validateResource?: ForType | readonly ForType[];
}

/** awsguard's rules that ask AWS itself about what is there. */
const ASKS_AWS: ReadonlySet<string> = new Set(["acm-certificate-expiration"]);

/** The packs by name. */
export const packs: Readonly<Record<string, () => Promise<Pack>>> = {
  "macro-ai": async () => {
    const { toPolicies } = await import("../policies/core/pack.ts");
    const { typesOf } = await import("../policies/core/rule.ts");
    const { rules } = await import("../policies/rules.ts");
    return {
      server: createRequire(import.meta.url)("@pulumi/policy/server") as Server,
      policies: () => toPolicies(rules, { preview: true, stack: {}, today: new Date() }),
      rules: rules.length,
      types: new Set(rules.flatMap(typesOf)),
    };
  },
  awsguard: () => {
    const require = createRequire(join(awsguardFolder, "package.json"));
    const core = require("@pulumi/awsguard/awsGuard") as {
      registerPolicy: (key: string, policy: Policy) => void;
    };
    const policies: Policy[] = [];
    // Its modules register their rules at a constructor that would start to serve.
    core.registerPolicy = (_, policy) => policies.push(policy);
    require("@pulumi/awsguard");
    const offline = policies.filter((policy) => !ASKS_AWS.has(policy.name));
    return Promise.resolve({
      server: require("@pulumi/policy/server") as Server,
      policies: () => offline,
      rules: offline.length,
      types: new Set(offline.flatMap(checkedTypes)),
    });
  },
};

function checkedTypes({ validateResource }: Policy): string[] {
  return [validateResource ?? []].flat().flatMap(({ __pulumiType }) => __pulumiType ?? []);
}

/** A pack that serves, everything mandatory. */
export class Served {
  readonly #remediate: Handler;
  readonly #analyze: Handler;
  readonly #analyzeStack: Handler;

  constructor({ server, policies }: Pack) {
    const own = policies();
    const made = [server.makeRemediateRpcFun, server.makeAnalyzeRpcFun, server.makeAnalyzeStackRpcFun].map(
      (make) => make("bench", "1.0.0", "mandatory", own),
    ) as [Handler, Handler, Handler];
    [this.#remediate, this.#analyze, this.#analyzeStack] = made;
  }

  /** What it says of a resource. */
  async judge(request: analyzerTypes.AnalyzeRequest): Promise<unknown> {
    await ask(this.#remediate, request);
    return ask(this.#analyze, request);
  }

  /** What it says of a stack. */
  judgeStack(request: analyzerTypes.AnalyzeStackRequest): Promise<unknown> {
    return ask(this.#analyzeStack, request);
  }
}

function ask(handler: Handler, request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (error === undefined || error === null) resolve(response);
      else reject(error);
    });
  });
}
