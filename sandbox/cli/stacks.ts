import { join } from "node:path";
import { secretKeysOf, type StandIn, standInsOf } from "./config-schema.ts";
import { carryBack, type ConfigChange, writeSandboxFile } from "./stack-config.ts";
import { readIfThere } from "./files.ts";
import type { Outcome } from "./pulumi.ts";
import { committedFile, type Project, sandboxFile } from "./project.ts";
import type { Paths } from "./paths.ts";
import { filesIn, type StateFiles } from "./state.ts";
import { UserError } from "./user-error.ts";

type Capture = (args: readonly string[], place: "project" | "twin") => Promise<Outcome>;

/** The stacks of a sandbox: made on demand, each with a stack file of the sandbox's own. */
export class Stacks {
  readonly #paths: Paths;
  readonly #project: Project;
  readonly #state: StateFiles;
  readonly #capture: Capture;

  constructor(context: { paths: Paths; project: Project; state: StateFiles; capture: Capture }) {
    this.#paths = context.paths;
    this.#project = context.project;
    this.#state = context.state;
    this.#capture = context.capture;
  }

  /** The stack that a command means which names none. */
  async selected(): Promise<string | undefined> {
    const folder = join(this.#paths.home, "workspaces");
    const [file] = (await filesIn(folder)).filter((name) => name.startsWith(`${this.#project.name}-`));
    if (file === undefined) return undefined;
    const text = await readIfThere(join(folder, file));
    const settings = JSON.parse(text ?? "{}") as { stack?: string; stacks?: Record<string, string> };
    const name = Object.values(settings.stacks ?? {})[0] ?? settings.stack;
    return name?.split("/").at(-1);
  }

  /** Refuses a stack that has neither a committed file nor a state here. */
  async require(stack: string): Promise<void> {
    if (this.#project.stacks.includes(stack) || (await this.#state.stacks()).includes(stack)) return;
    const known = this.#project.stacks.join(", ") || "none";
    throw new UserError(
      `There is no stack "${stack}": Pulumi.${stack}.yaml does not exist. Stacks with a file: ${known}. ` +
        `To make one: npm run sandbox -- stack init ${stack}`,
    );
  }

  /** Makes the stack if need be and writes its file for Pulumi; gives that file's configuration. */
  async ready(stack: string): Promise<Record<string, unknown>> {
    const files = this.#files(stack);
    const [, standIns] = await Promise.all([writeSandboxFile(files), standInsOf(this.#paths)]);
    const plain = plainOf(standIns);
    if (!(await this.#state.stacks()).includes(stack)) await this.#make(stack);
    let config = await writeSandboxFile(files, plain);
    const missing = standIns.filter(({ key, secret }) => secret && !(key in config));
    if (missing.length > 0) {
      await this.#encrypt(stack, missing);
      config = await writeSandboxFile(files, plain);
    }
    return config;
  }

  /** Takes over what a command changed in the file that it was given; secrets in plain text are dropped. */
  async carryBack(stack: string, before: Record<string, unknown>): Promise<ConfigChange> {
    const files = this.#files(stack);
    const change = await carryBack(files, before, await secretKeysOf(this.#paths));
    if (change.refused.length > 0) await writeSandboxFile(files, plainOf(await standInsOf(this.#paths)));
    return change;
  }

  #files(stack: string): { committed: string; sandbox: string } {
    return { committed: committedFile(this.#paths, stack), sandbox: sandboxFile(this.#paths, stack) };
  }

  async #make(stack: string): Promise<void> {
    const made = await this.#capture(["stack", "init", stack, "--no-select", "--non-interactive"], "twin");
    if (made.code !== 0) throw new UserError(`The stack ${stack} cannot be made: ${made.stderr.trim()}`);
  }

  async #encrypt(stack: string, secrets: readonly StandIn[]): Promise<void> {
    const pairs = secrets.flatMap(({ key, value }) => ["--secret", `${key}=${value}`]);
    const file = ["--config-file", sandboxFile(this.#paths, stack), "--stack", stack];
    const set = await this.#capture(["config", "set-all", ...pairs, ...file, "--non-interactive"], "project");
    if (set.code !== 0) {
      throw new UserError(
        `The sandbox's secrets of ${stack} cannot be written: ${set.stderr.trim()} ` +
          `If the passphrase was lost, delete ${sandboxFile(this.#paths, stack)} and the stack's state.`,
      );
    }
  }
}

function plainOf(standIns: readonly StandIn[]): Readonly<Record<string, string>> {
  return Object.fromEntries(standIns.flatMap(({ key, value, secret }) => (secret ? [] : [[key, value]])));
}
