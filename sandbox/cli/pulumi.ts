import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { killGroup } from "./processes.ts";
import type { InterruptListener } from "./signals.ts";

/** How to call the CLI: where, and in which environment. */
export interface Invocation {
  readonly pulumi: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What a captured command reads from its standard input. @default - nothing */
  readonly input?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a terminal and gives what it printed. */
export async function capture(invocation: Invocation): Promise<Outcome> {
  const child = start(invocation, "own group");
  // It may end without reading.
  child.stdin?.on("error", () => undefined).end(invocation.input);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    exitCode(child),
  ]);
  return { code, stdout, stderr };
}

/** Runs a command with this process's own terminal or pipes. */
export async function passThrough(invocation: Invocation, interrupts: InterruptListener): Promise<number> {
  const child = start(invocation, "shared terminal");
  const unlisten = interrupts.listen((presses, signal) => {
    // On a terminal, Ctrl-C has reached the child already: it is in the same foreground group.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(presses > 1 ? "SIGKILL" : signal);
  });
  try {
    return await exitCode(child);
  } finally {
    unlisten();
  }
}

/** A running command whose standard output is read line by line. */
export interface Running {
  /** The process group that it leads. */
  readonly group: number;
  /** @returns Exit code and standard error, when it has ended. */
  readonly ended: Promise<Omit<Outcome, "stdout">>;
}

/** Runs a command in a process group of its own: the first interrupt is passed on once, the second kills the group. */
export function stream(
  invocation: Invocation,
  interrupts: InterruptListener,
  onLine: (line: string) => void,
): Running {
  const child = start(invocation, "own group");
  const group = child.pid ?? 0;
  const unlisten = interrupts.listen((presses) => {
    if (presses === 1) child.kill("SIGINT");
    else killGroup(group);
  });
  const lines = child.stdout === null ? undefined : createInterface({ input: child.stdout });
  lines?.on("line", onLine);
  const read = lines === undefined ? Promise.resolve() : once(lines, "close");
  const ended = Promise.all([textOf(child.stderr), exitCode(child), read])
    .then(([stderr, code]) => ({ stderr, code }))
    .finally(unlisten);
  return { group, ended };
}

function start(
  { pulumi, args, cwd, env, input }: Invocation,
  terminal: "own group" | "shared terminal",
): ChildProcess {
  return terminal === "own group"
    ? spawn(pulumi, args, {
        cwd,
        env,
        detached: true,
        stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      })
    : spawn(pulumi, args, { cwd, env, stdio: "inherit" });
}

function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? Promise.resolve("") : text(stream);
}

/** A command that a signal ended has the code a shell gives it. */
async function exitCode(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code !== null) return code;
  return signal === "SIGINT" ? 130 : signal === "SIGKILL" ? 137 : 143;
}
