import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { readIfThere, replaceFile } from "./files.ts";
import type { Paths } from "./paths.ts";
import { UserError } from "./user-error.ts";

/** One resource as Pulumi's state has it; what the sandbox reads of it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

export interface State {
  readonly file: string;
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

interface Checkpoint {
  checkpoint?: {
    latest?: { resources?: StateResource[]; pending_operations?: PendingOperation[] } | null;
  };
}

/** Pulumi's state files of one project, read without Pulumi: each of its commands takes a third of a second. */
export class StateFiles {
  readonly #paths: Paths;
  readonly #project: string;

  constructor(paths: Paths, project: string) {
    this.#paths = paths;
    this.#project = project;
  }

  file(stack: string): string {
    return join(this.#paths.state, ".pulumi/stacks", this.#project, `${stack}.json`);
  }

  locks(stack: string): string {
    return join(this.#paths.state, ".pulumi/locks/organization", this.#project, stack);
  }

  /** The names of the stacks that exist. */
  async stacks(): Promise<string[]> {
    const folder = join(this.#paths.state, ".pulumi/stacks", this.#project);
    return (await filesIn(folder)).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  }

  /** Undefined where the stack does not exist. A broken file is an error that names the newest copy in order. */
  async read(stack: string): Promise<State | undefined> {
    const file = this.file(stack);
    const text = await readIfThere(file);
    if (text === undefined) return undefined;
    const checkpoint = parseCheckpoint(text);
    if (checkpoint === undefined) throw new UserError(await this.#brokenText(stack));
    const latest = checkpoint.checkpoint?.latest;
    return { file, resources: latest?.resources ?? [], pending: latest?.pending_operations ?? [] };
  }

  /** Keeps a copy of a state in order: Pulumi's own copy beside it is lost together with it. */
  async keep(stack: string): Promise<void> {
    const text = await readIfThere(this.file(stack));
    if (text !== undefined && parseCheckpoint(text) !== undefined) {
      await replaceFile(this.#kept(stack), text, 0o600);
    }
  }

  #kept(stack: string): string {
    return join(this.#paths.directory, "before", `${stack}.json`);
  }

  async #brokenText(stack: string): Promise<string> {
    const file = this.file(stack);
    const shown = (path: string) => quote(relative(process.cwd(), path));
    const copy = await this.#newestGoodCopy(stack);
    const advice =
      copy === undefined
        ? "There is no copy in order. To start again without this stack and its cloud, move the sandbox away: " +
          `mv ${shown(this.#paths.directory)} ${shown(`${this.#paths.directory}.broken`)}`
        : `The newest copy in order is ${shown(copy)}. To go back to it: cp ${shown(copy)} ${shown(file)}`;
    return `The state of stack ${stack}, ${shown(file)}, is not Pulumi's JSON. Nothing was changed. ${advice}`;
  }

  async #newestGoodCopy(stack: string): Promise<string | undefined> {
    const backups = join(this.#paths.state, ".pulumi/backups", this.#project, stack);
    const files = (await filesIn(backups)).filter((name) => name.endsWith(".json"));
    const copies = await Promise.all(
      [`${this.file(stack)}.bak`, this.#kept(stack), ...files.map((name) => join(backups, name))].map(
        async (file) => ({
          file,
          time: await stat(file).then(
            (found) => found.mtimeMs,
            () => 0,
          ),
        }),
      ),
    );
    for (const { file } of copies.sort((a, b) => b.time - a.time)) {
      const text = await readIfThere(file);
      if (text !== undefined && parseCheckpoint(text) !== undefined) return file;
    }
    return undefined;
  }
}

function parseCheckpoint(text: string): Checkpoint | undefined {
  try {
    const parsed = JSON.parse(text) as unknown;
    return typeof parsed === "object" && parsed !== null && "checkpoint" in parsed
      ? (parsed as Checkpoint)
      : undefined;
  } catch {
    return undefined;
  }
}

export async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
