import { spawn } from "node:child_process";
import * as z from "zod";
import { OperationError } from "./operation-error.ts";
import { shortName } from "./stack.ts";

/** What an operation asks of the `pulumi` on PATH, in the project's folder. */
export interface Pulumi {
  /** The stack's resources, as `pulumi stack export` has them; what is secret stays encrypted. */
  export(): Promise<unknown>;
  /** Plain values by full key. */
  config(): Promise<Readonly<Record<string, string>>>;
  setConfig(key: string, value: string): Promise<void>;
  removeConfig(key: string): Promise<void>;
  /** Puts an export, changed, in the place of the stack's state. */
  importFile(file: string): Promise<void>;
  setNested(path: string, value: string): Promise<void>;
  removeNested(path: string): Promise<void>;
  /**
   * Deploys; what Pulumi says is shown as it comes.
   *
   * @param options of `pulumi up` @default - none
   * @param policies whether the project's policies have a say @default "checked"
   */
  up(options?: readonly string[], policies?: "checked" | "unchecked"): Promise<void>;
  /** Whether there is such a stack. */
  exists(): Promise<boolean>;
  /** Makes the stack, with the configuration of another one, whose secrets are encrypted anew. */
  makeLike(stack: string, secretsProvider: string | undefined): Promise<void>;
  /** Deletes the stack's resources; what Pulumi says is shown as it comes. */
  destroy(): Promise<void>;
  /** Forgets the stack, which has no resources any more, and its configuration. */
  remove(): Promise<void>;
}

const listed = z.array(z.object({ name: z.string() }));
const configuration = z.record(z.string(), z.object({ value: z.string().optional() }));

/** @param program @default "pulumi" from PATH */
export function pulumi(stack: string, program = "pulumi"): Pulumi {
  const run = (args: readonly string[], show = false): Promise<string> =>
    call(program, [...args, "--stack", stack, "--non-interactive"], show);
  return {
    export: async () => JSON.parse(await run(["stack", "export"]).catch(sayWhere)) as unknown,
    config: async () => {
      const entries = Object.entries(configuration.parse(JSON.parse(await run(["config", "--json"]))));
      return Object.fromEntries(
        entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
      );
    },
    setConfig: async (key, value) => {
      await run(["config", "set", key, value]);
    },
    removeConfig: async (key) => {
      await run(["config", "rm", key]);
    },
    importFile: async (file) => {
      await run(["stack", "import", "--file", file]);
    },
    setNested: async (path, value) => {
      await run(["config", "set", "--path", path, value]);
    },
    removeNested: async (path) => {
      await run(["config", "rm", "--path", path]);
    },
    up: async (options = [], policies = "checked") => {
      const pack = policies === "checked" ? ["--policy-pack", "policies"] : [];
      await run(["up", "--yes", "--skip-preview", ...pack, ...options], true);
    },
    exists: async () => {
      const stacks = listed.parse(JSON.parse(await call(program, ["stack", "ls", "--json"], false)));
      return stacks.some(({ name }) => shortName(name) === shortName(stack));
    },
    makeLike: async (model, secretsProvider) => {
      const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
      await call(program, ["stack", "init", stack, "--no-select", ...provider, "--non-interactive"], false);
      await call(program, ["config", "cp", "--stack", model, "--dest", stack, "--non-interactive"], false);
    },
    destroy: async () => {
      await run(["destroy", "--yes", "--skip-preview"], true);
    },
    remove: async () => {
      await run(["stack", "rm", "--yes"]);
    },
  };
}

/** The first that is asked of a stack: mostly it lies elsewhere. */
function sayWhere(error: unknown): never {
  if (!(error instanceof OperationError)) throw error;
  if (error.message.includes("PULUMI_ACCESS_TOKEN"))
    throw new OperationError(
      "Pulumi is logged in to no backend: set PULUMI_BACKEND_URL to where the stacks' states lie (docs/delivery.md), then run the command again.",
    );
  throw new OperationError(
    `${error.message}\nIs it in the backend that you are logged in to? pulumi whoami --verbose; pulumi stack ls`,
  );
}

/** Ctrl-C reaches Pulumi from the terminal, too: it saves its state, and only then this goes on. */
async function call(program: string, args: readonly string[], show: boolean): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    if (show) process.stderr.write(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (show) process.stderr.write(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new OperationError(
              "There is no `pulumi` on PATH: install it (https://www.pulumi.com/docs/install/), then run the command again.",
            )
          : error,
      ),
    );
  });
  if (code === 0) return out;
  const told = args.join(" ").replace(/(?: --(?:target|replace) \S+)+/g, " --target ...");
  throw new OperationError(
    `\`pulumi ${told}\` ended with ${String(code)}${show ? "." : `: ${(said || out).trim()}`}`,
  );
}
