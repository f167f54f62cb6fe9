/** Projects with a sandbox of their own, used as people use them: through `npm start` and `npm run sandbox`. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { type Paths, sandboxPaths } from "../../sandbox/cli/paths.ts";
import { type State, StateFiles } from "../../sandbox/cli/state.ts";
import { editCloud, type StoredResources } from "../../sandbox/cloud/edit-cloud.ts";
import { readCloud, type StoredEntry } from "../../sandbox/cloud/store.ts";

export const checkout = resolve(import.meta.dirname, "../..");

/** How a command ended, and what it printed. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack's configuration, with namespaces: `macro-ai:scale`. */
export type Config = Readonly<Record<string, unknown>>;

/** What the engine tests read of a resource in Pulumi's state. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  /** Null where a property depends on nothing. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

export type StackState = Omit<State, "resources"> & { readonly resources: readonly Resource[] };

const passphraseFree = /^(?:MACRO_AI_|PULUMI_|FAULTS$)/;

/** A Pulumi project in a temporary folder, its sandbox inside it. */
export class Project {
  readonly directory: string;
  readonly name: string;
  readonly paths: Paths;
  readonly #state: StateFiles;
  /** Its abortion interrupts the command under way, as Ctrl-C does. */
  interrupt: AbortSignal | undefined;

  /**
   * The checkout's own program and policies with stack files of its own, which commands may write.
   *
   * @param stacks By name. @default - the committed stacks
   * @param directory Where; a project that is there already is taken up again. @default - a temporary folder
   */
  static async ofCheckout(stacks?: Readonly<Record<string, Config>>, directory?: string): Promise<Project> {
    const project =
      directory === undefined ? await Project.#empty("macro-ai") : new Project(directory, "macro-ai");
    await mkdir(project.directory, { recursive: true });
    for (const shared of ["package.json", "node_modules", "Pulumi.yaml", "stacks", "components", "policies"])
      await symlink(join(checkout, shared), join(project.directory, shared)).catch(ignoreExisting);
    if (stacks === undefined) {
      for (const stack of ["staging", "production"]) {
        const file = `Pulumi.${stack}.yaml`;
        await cp(join(checkout, file), join(project.directory, file));
      }
    }
    for (const [stack, config] of Object.entries(stacks ?? {})) await project.configure(stack, config);
    return project;
  }

  /** The examples, gated by the checkout's policies, without a stack. */
  static async ofExamples(): Promise<Project> {
    const project = await Project.#empty("macro-ai-examples");
    const examples = join(checkout, "examples");
    const shared = (await readdir(examples)).map((file) => join(examples, file));
    for (const path of [...shared, join(checkout, "node_modules"), join(checkout, "policies")])
      await symlink(path, join(project.directory, basename(path)));
    return project;
  }

  /**
   * A project named `small` with one stack, `one`.
   *
   * @param gate Whether the checkout's policies gate it; programs that show something else do without.
   */
  static async small(program = "", gate: "gated" | "ungated" = "gated"): Promise<Project> {
    const project = await Project.#empty("small");
    for (const shared of gate === "gated" ? ["node_modules", "policies"] : ["node_modules"])
      await symlink(join(checkout, shared), join(project.directory, shared));
    await project.write(
      "Pulumi.yaml",
      "name: small\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    await project.write("package.json", JSON.stringify({ name: "small", type: "module", main: "index.ts" }));
    await project.configure("one", {});
    await project.program(program);
    return project;
  }

  static async #empty(name: string): Promise<Project> {
    return new Project(await mkdtemp(join(tmpdir(), `${name}-engine-test-`)), name);
  }

  private constructor(directory: string, name: string) {
    this.directory = directory;
    this.name = name;
    this.paths = sandboxPaths({ project: directory, directory: join(directory, ".sandbox") });
    this.#state = new StateFiles(this.paths, name);
  }

  async write(file: string, content: string): Promise<void> {
    await writeFile(join(this.directory, file), content);
  }

  /** Replaces a stack's file. */
  configure(stack: string, config: Config): Promise<void> {
    return this.write(`Pulumi.${stack}.yaml`, stringify({ config }));
  }

  /** Replaces a small project's program. `aws` and `pulumi` stand ready. */
  program(source: string): Promise<void> {
    return this.write("index.ts", `${prelude}${source}\n`);
  }

  /** `npm start -- <args>` */
  start(...args: readonly string[]): Promise<Ended> {
    return this.#run("start", args);
  }

  /** `npm run sandbox -- <args>` */
  sandbox(...args: readonly string[]): Promise<Ended> {
    return this.#run("sandbox", args);
  }

  /** `npm run sandbox -- <args>` with a stand-in cloud that fails as asked for. */
  sandboxWithFaults(faults: readonly string[], ...args: readonly string[]): Promise<Ended> {
    return this.#run("sandbox", args, { FAULTS: faults.join(" ") });
  }

  /** `npm run sandbox -- <args>` with variables in its environment. */
  sandboxWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
    return this.#run("sandbox", args, env);
  }

  #run(command: "start" | "sandbox", args: readonly string[], env: Config = {}): Promise<Ended> {
    const driver = join(import.meta.dirname, "driver.ts");
    return run([driver, this.directory, command, ...args], env as Record<string, string>, this.interrupt);
  }

  /** What lies in the stand-in cloud. */
  cloud(): readonly StoredEntry[] {
    return readCloud(this.paths.cloud);
  }

  /** Edits the cloud file, as somebody does in AWS's console. */
  editCloud(edit: (resources: StoredResources) => void): Promise<void> {
    return editCloud(this.paths.cloud, edit);
  }

  /** A stack's state as it lies on disk. */
  async state(stack: string): Promise<StackState> {
    const state = await this.stateIfThere(stack);
    assert.ok(state, `Stack ${stack} has no state`);
    return state;
  }

  /** Undefined for a stack that was never made. */
  stateIfThere(stack: string): Promise<StackState | undefined> {
    return this.#state.read(stack);
  }

  async stateText(stack: string): Promise<string> {
    return readFile(this.#state.file(stack), "utf8");
  }

  /**
   * What is in the cloud and in no stack's state, in a state and not in the cloud, or pending: empty when all is well.
   */
  async differences(...stacks: readonly string[]): Promise<string[]> {
    const states = await Promise.all(stacks.map((stack) => this.state(stack)));
    const recorded = states.flatMap(({ resources }) => resources.filter(isInCloud).map(identity));
    const made = this.cloud().map(identity);
    return [
      ...without(made, recorded).map((resource) => `only in the cloud: ${resource}`),
      ...without(recorded, made).map((resource) => `only in the state: ${resource}`),
      ...states.flatMap(({ pending }) => pending.map(({ type, resource }) => `${type} ${resource.urn}`)),
    ];
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

const prelude = `import * as pulumi from "@pulumi/pulumi";
import { aws } from ${JSON.stringify(join(checkout, "components/aws.ts"))};
`;

/** Runs one of the checkout's own scripts with Node. */
export async function run(
  args: readonly string[],
  added: Readonly<Record<string, string>> = {},
  interrupt?: AbortSignal,
): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !passphraseFree.test(name)));
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    env: { ...env, NO_COLOR: "1", ...added },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pass = () => child.kill("SIGINT");
  interrupt?.addEventListener("abort", pass);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  interrupt?.removeEventListener("abort", pass);
  return { code, stdout, stderr };
}

/** The command succeeded; else the test fails with what it printed. */
export function succeeded(ended: Ended): Ended {
  assert.equal(ended.code, 0, printed(ended));
  return ended;
}

/** The command was refused: it ended with an error, not by a signal. */
export function refused(ended: Ended): Ended {
  assert.ok(ended.code !== null && ended.code > 0, printed(ended));
  return ended;
}

/** What a failed test shows of a command; the end of it where it is long. */
export function printed({ code, stdout, stderr }: Ended): string {
  return `exit code ${String(code)}\n${stdout.slice(-8000)}\n${stderr.slice(-4000)}`;
}

/** What `npm start` says of a stack in a word, e.g. `3 created, 8 unchanged`. */
export function outcome({ stdout }: Ended, stack: string): string {
  const line = stdout.split("\n").find((candidate) => candidate.includes(` ${stack}: `));
  return (line ?? `nothing about ${stack}`).replace(/^\S+ [^:]+: /, "").replace(/ \([\d.]+ s\)$/, "");
}

/** The logical name. */
export function nameOf({ urn }: { readonly urn: string }): string {
  return urn.split("::").slice(3).join("::");
}

/** Whether the cloud file has it: everything of AWS; `random` lives in the state alone. */
export function isInCloud({ custom, type }: { readonly custom: boolean; readonly type: string }): boolean {
  return custom && type.startsWith("aws:");
}

function identity({ urn, id }: { readonly urn: string; readonly id?: string }): string {
  return `${urn} ${id ?? ""}`;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function without(all: readonly string[], known: readonly string[]): string[] {
  const set = new Set(known);
  return all.filter((item) => !set.has(item));
}
