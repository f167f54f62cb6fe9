/** Starts the stand-in cloud: providers aws, awsx and random, served from this process. */

import { loadSchema } from "../schema/schema.ts";
import type { Schema } from "../schema/schema.ts";
import type { Components } from "./component.ts";
import { componentMethods } from "./construct.ts";
import { FaultInjector, parseFaults } from "./faults.ts";
import { resourceMethods } from "./methods.ts";
import { Resources } from "./resources.ts";
import type { Provider } from "./resources.ts";
import type { Invokes, Rules } from "./rule.ts";
import { serve } from "./server.ts";
import type { CloudEvent, Methods } from "./server.ts";
import { Store } from "./store.ts";

export interface CloudOptions {
  /** The cloud file; made when the first resource is. */
  readonly file: string;
  /** Faults to inject, in the notation of faults.ts. @default - none */
  readonly faults?: readonly string[];
  /** Where the program names no region. @default "us-east-1" */
  readonly region?: string;
  /** Told of every call when it ends. @default - nobody */
  readonly onEvent?: (event: CloudEvent) => void;
  /** Ends the engine and this process as SIGKILL would, for the fault `die`. @default - only this process */
  readonly onDie?: () => void;
  /** How long a call hangs before it times out, or backs off when throttled. @default 1000 */
  readonly hangMilliseconds?: number;
  /** What the cloud knows. @default - the tables of this folder and the derived schemas */
  readonly tables?: Tables;
}

/** What the stand-in knows of each provider. */
export interface Tables {
  readonly aws: { readonly schema: Schema; readonly rules: Rules; readonly invokes: Invokes };
  readonly awsx: { readonly schema: Schema; readonly components: Components };
  readonly random: { readonly schema: Schema; readonly rules: Rules };
}

/** A running stand-in cloud. */
export interface Cloud {
  readonly ports: { readonly aws: number; readonly awsx: number; readonly random: number };
  /** Environment of the engine's process: attaches it to these providers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Waits for the cloud file and closes the ports. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the cloud. Throws an Error when the cloud file cannot be read, a fault is not one, or the derived schema is not
 * that of the installed SDK.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const tables = options.tables ?? (await ownTables());
  const region = options.region ?? "us-east-1";
  const store = new Store(options.file);
  const types = [...Object.keys(tables.aws.rules), ...Object.keys(tables.random.rules)];
  const faults = {
    injector: new FaultInjector(parseFaults(options.faults ?? [], types)),
    onDie: options.onDie ?? (() => process.kill(process.pid, "SIGKILL")),
    hangMilliseconds: options.hangMilliseconds ?? 1000,
  };
  const methodsOf = (provider: Provider): Methods =>
    resourceMethods(provider, new Resources(provider, store, faults), store, region);
  const start = (provider: string, schema: Schema, methods: Methods) =>
    serve({
      provider,
      schema,
      methods,
      onEvent: options.onEvent ?? (() => undefined),
    });

  const aws = {
    name: "aws",
    keeps: "cloud",
    table: "sandbox/cloud/aws/<service>.ts",
    ...tables.aws,
  } as const;
  const random = {
    name: "random",
    keeps: "engine",
    table: "sandbox/cloud/random/index.ts",
    invokes: {},
    ...tables.random,
  } as const;
  const served = {
    aws: await start("aws", tables.aws.schema, methodsOf(aws)),
    awsx: await start(
      "awsx",
      tables.awsx.schema,
      componentMethods(tables.awsx.schema, tables.awsx.components),
    ),
    random: await start("random", tables.random.schema, methodsOf(random)),
  };
  const ports = { aws: served.aws.port, awsx: served.awsx.port, random: served.random.port };
  return {
    ports,
    environment: {
      PULUMI_DEBUG_PROVIDERS: Object.entries(ports)
        .map(([name, port]) => `${name}:${port}`)
        .join(","),
    },
    stop: async () => {
      await store.settled();
      for (const { stop } of Object.values(served)) stop();
    },
  };
}

/** The tables of this folder with the derived schemas. */
export async function ownTables(): Promise<Tables> {
  const [aws, invokes, awsx, random] = await Promise.all([
    import("./aws/index.ts"),
    import("./aws/invokes.ts"),
    import("./awsx/index.ts"),
    import("./random/index.ts"),
  ]);
  return {
    aws: { schema: loadSchema("aws"), rules: aws.rules, invokes: invokes.invokes },
    awsx: { schema: loadSchema("awsx"), components: awsx.components },
    random: { schema: loadSchema("random"), rules: random.rules },
  };
}
