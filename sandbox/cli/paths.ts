import { join, relative, resolve } from "node:path";

/** Where a sandbox keeps what it makes. */
export interface Paths {
  /** The Pulumi project: the folder of Pulumi.yaml. */
  readonly project: string;
  /** Everything below lies in here. */
  readonly directory: string;
  /** Pulumi's local backend. */
  readonly state: string;
  /** PULUMI_HOME: the selected stack. */
  readonly home: string;
  /** The stand-in cloud. */
  readonly cloud: string;
  readonly passphrase: string;
  /** The stack files that Pulumi is given in place of the committed ones. */
  readonly config: string;
  /** See `writeTwin`. */
  readonly twin: string;
  /** Who is at work in the sandbox. */
  readonly lock: string;
}

export interface PathOptions {
  /** @default - this checkout */
  project?: string;
  /** @default - the variable MACRO_AI_SANDBOX, else `.sandbox` in the project */
  directory?: string;
}

const checkout = resolve(import.meta.dirname, "../..");

export function sandboxPaths(options: PathOptions = {}): Paths {
  const project = resolve(options.project ?? checkout);
  const elsewhere = options.directory ?? (process.env["MACRO_AI_SANDBOX"] || undefined);
  const directory = elsewhere === undefined ? join(project, ".sandbox") : resolve(elsewhere);
  return {
    project,
    directory,
    state: join(directory, "state"),
    home: join(directory, "home"),
    cloud: join(directory, "cloud.json"),
    passphrase: join(directory, "passphrase"),
    config: join(directory, "config"),
    twin: join(directory, "twin"),
    lock: join(directory, "running.json"),
  };
}

/** The folder of the executables that npm installed here, this project's Node among them. */
export const executables = join(checkout, "node_modules", ".bin");

/** A path as a person standing here names it. */
export function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
