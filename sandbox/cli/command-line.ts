import { resolve } from "node:path";
import { UserError } from "./user-error.ts";

/** How the sandbox treats a family of Pulumi's commands. */
interface Treatment {
  /** `project`: where the program is, with `--config-file`; `twin`: see `writeTwin`. */
  readonly place: "project" | "twin";
  /** `cloud`: providers are called; `files`: state or configuration is read or written; `none`: neither. */
  readonly touches: "cloud" | "files" | "none";
  /** The stack is made when it does not exist yet. */
  readonly makesStack?: true;
  /** The policy pack is added. */
  readonly policies?: true;
  /** What an interrupted command left is put right first. */
  readonly repairs?: true;
}

const update: Treatment = {
  place: "project",
  touches: "cloud",
  makesStack: true,
  policies: true,
  repairs: true,
};
const preview: Treatment = { place: "project", touches: "cloud", makesStack: true, policies: true };
const operation: Treatment = { place: "project", touches: "cloud", makesStack: true };
const state: Treatment = { place: "twin", touches: "files" };
const untouched: Treatment = { place: "project", touches: "none" };

const treatments: Readonly<Record<string, Treatment>> = {
  up: update,
  update,
  watch: update,
  preview,
  pre: preview,
  destroy: { ...operation, repairs: true },
  down: { ...operation, repairs: true },
  dn: { ...operation, repairs: true },
  refresh: operation,
  import: operation,
  config: { place: "project", touches: "files", makesStack: true },
  // From one stack's file to another's: outside the twin both would be the one that `--config-file` names.
  "config copy": { place: "twin", touches: "files", makesStack: true },
  "config cp": { place: "twin", touches: "files", makesStack: true },
  logs: { place: "project", touches: "files" },
  stack: state,
  state,
  cancel: state,
};

/** Flags in front of or behind the command whose value is the next word. */
const valued = new Set(["-s", "--stack", "--color", "--otel-traces", "--profiling", "--tracing", "-v"]);
/** Files that are named from where the user stands. */
const fileFlags = new Set(["--file"]);

/** One Pulumi command as the sandbox understands it. */
export interface CommandLine {
  readonly args: readonly string[];
  /** The command and its subcommand, e.g. `stack`, `init`. */
  readonly words: readonly string[];
  readonly treatment: Treatment;
  /** The stack it names. */
  readonly stack: string | undefined;
  /** The stack whose configuration it writes, where that is another one. */
  readonly destination: string | undefined;
  readonly asksForHelp: boolean;
}

export function readCommandLine(args: readonly string[]): CommandLine {
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const words = own.filter((arg, index) => !arg.startsWith("-") && !valued.has(own[index - 1] ?? ""));
  const [family = "", subcommand = ""] = words;
  refuse(own, family);
  return {
    args,
    words,
    treatment: treatments[`${family} ${subcommand}`] ?? treatments[family] ?? untouched,
    stack: valuesOf(own, ["--stack", "-s"])[0] ?? positionalStack(family, subcommand, words),
    destination: family === "config" ? valuesOf(own, ["--dest", "-d"])[0] : undefined,
    asksForHelp: family === "help" || own.includes("--help") || own.includes("-h"),
  };
}

export function hasFlag(args: readonly string[], name: string): boolean {
  return args.some((arg) => arg === name || arg.startsWith(`${name}=`));
}

/** The arguments with the files they name made absolute, for a command that runs in another folder. */
export function withAbsoluteFiles(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const [name = "", ...value] = arg.split("=");
    if (fileFlags.has(name) && value.length > 0) return `${name}=${resolve(value.join("="))}`;
    return fileFlags.has(args[index - 1] ?? "") ? resolve(arg) : arg;
  });
}

/** The values given to a flag by any of its names: `--flag value`, `--flag=value`, `-f value`, `-fvalue`. */
export function valuesOf(args: readonly string[], names: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const before = args[index - 1] ?? "";
    if (names.includes(before)) return [arg];
    const joined = names.find((name) => arg.startsWith(name.startsWith("--") ? `${name}=` : name));
    return joined === undefined || arg === joined ? [] : [arg.slice(joined.length).replace(/^=/, "")];
  });
}

const namesAStack = new Set(["select", "init", "new", "create", "setup", "rm", "remove", "delete"]);

function positionalStack(family: string, subcommand: string, words: readonly string[]): string | undefined {
  if (family === "cancel") return words[1];
  return family === "stack" && namesAStack.has(subcommand) ? words[2] : undefined;
}

function refuse(args: readonly string[], family: string): void {
  if (hasFlag(args, "--cwd") || hasFlag(args, "-C")) {
    throw new UserError("The sandbox runs this project's program: leave out --cwd.");
  }
  if (["destroy", "down", "dn"].includes(family) && hasFlag(args, "--remove")) {
    throw new UserError(
      "destroy --remove would delete the committed Pulumi.<stack>.yaml. Run destroy without it, then: " +
        "npm run sandbox -- stack rm <stack>",
    );
  }
}
