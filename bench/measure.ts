import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { ProcessTree, reapedSeconds, sampleAll, type TreeProcess } from "./process-tree.ts";

/** A command to be measured. */
export interface Command {
  /** The executable and its arguments. */
  readonly words: readonly [string, ...string[]];
  readonly cwd: string;
  /** Beside this process's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one run of a command took, everything that it started included. */
export interface Measurement {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** The most memory held at one moment; what processes share counts once. */
  readonly peakMiB: number;
  /** Milliseconds are counted from the command's start. */
  readonly processes: readonly TreeProcess[];
  readonly stdout: string;
}

const lookEveryMs = 40;
const weighEveryMs = 250;

/**
 * Runs a command to its end. One at a time: the kernel counts the CPU time of ended children in one sum.
 *
 * @throws An Error with what the command printed when it fails.
 */
export async function measure({ words, cwd, environment }: Command): Promise<Measurement> {
  const [executable, ...args] = words;
  const reapedBefore = reapedSeconds();
  const start = performance.now();
  const child = spawn(executable, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code]) => ({
    code: code as number | null,
    at: performance.now(),
  }));
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const tree = new ProcessTree(child.pid ?? 0);
  const look = () => tree.observe(sampleAll(), performance.now() - start);
  const timers = [setInterval(look, lookEveryMs), setInterval(() => tree.weigh(), weighEveryMs)];
  const [{ code, at }, [stdout, stderr]] = await Promise.all([ended, outputs]).finally(() => {
    for (const timer of timers) clearInterval(timer);
  });
  if (code !== 0) {
    throw new Error(`${words.join(" ")} ended with ${code ?? "a signal"}:\n${stderr}${stdout}`);
  }
  return {
    wallSeconds: (at - start) / 1000,
    cpuSeconds: reapedSeconds() - reapedBefore + tree.orphanedSeconds,
    peakMiB: tree.peakMiB,
    processes: tree.processes,
    stdout,
  };
}
