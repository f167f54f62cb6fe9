import { readdirSync, readFileSync } from "node:fs";

/** One process at one moment, as Linux tells it. */
export interface ProcessSample {
  readonly pid: number;
  readonly parent: number;
  /** Ticks since the machine's start; with the pid it names a process for good. */
  readonly started: number;
  /** CPU seconds of the process itself. */
  readonly cpuSeconds: number;
  /** CPU seconds of its children that have ended and been waited for, and of theirs. */
  readonly reapedSeconds: number;
}

/** A process of the tree as it was seen last. */
export interface TreeProcess {
  readonly command: string;
  readonly cpuSeconds: number;
  /** Milliseconds, on the clock of {@link ProcessTree.observe}. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What the kernel counts CPU time in, on every Linux that Node runs on. */
const tickSeconds = 1 / 100;

/** Reads a line of `/proc/<pid>/stat`. Its second field, the program's name, may hold spaces and parentheses. */
export function parseStat(line: string): ProcessSample {
  const close = line.lastIndexOf(")");
  const fields = line.slice(close + 2).split(" ");
  // Numbered as in proc(5), where the state after the name is field 3.
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    started: field(22),
    cpuSeconds: (field(14) + field(15)) * tickSeconds,
    reapedSeconds: (field(16) + field(17)) * tickSeconds,
  };
}

/** CPU seconds of this process's children that have ended, with all that they waited for themselves. */
export function reapedSeconds(): number {
  return parseStat(readFileSync("/proc/self/stat", "utf8")).reapedSeconds;
}

/** All processes of the machine. */
export function sampleAll(): readonly ProcessSample[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const line = readOf(name, "stat");
    return line === undefined ? [] : [parseStat(line)];
  });
}

export function commandOf(pid: number): string {
  return readOf(String(pid), "cmdline")?.replaceAll("\0", " ").trim() ?? "";
}

/** A process's memory in MiB: its own, and its share of what it shares with others. 0 when it has ended. */
export function memoryOf(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(readOf(String(pid), "smaps_rollup") ?? "")?.[1];
  return Number(kibibytes ?? 0) / 1024;
}

/** It may have ended since it was listed. */
function readOf(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** What a tree asks about a process beside its samples. */
export interface ProcessQueries {
  /** Its command line. */
  readonly command: (pid: number) => string;
  /** In MiB. */
  readonly memory: (pid: number) => number;
}

interface Known {
  sample: ProcessSample;
  process: TreeProcess;
}

/** Follows a process and all that comes of it, wherever in the process table it ends up. */
export class ProcessTree {
  readonly #root: number;
  readonly #queries: ProcessQueries;
  readonly #known = new Map<string, Known>();
  #alive = new Map<number, string>();
  #peakMiB = 0;

  constructor(root: number, queries: ProcessQueries = { command: commandOf, memory: memoryOf }) {
    this.#root = root;
    this.#queries = queries;
  }

  /** The most memory that the processes held at one moment, in MiB. */
  get peakMiB(): number {
    return this.#peakMiB;
  }

  /** In the order in which they were seen first. */
  get processes(): readonly TreeProcess[] {
    return [...this.#known.values()].map(({ process }) => process);
  }

  /**
   * CPU seconds of processes that outlived their parent: nobody of the tree waits for them, so that they are missing in
   * {@link reapedSeconds}.
   */
  get orphanedSeconds(): number {
    const orphans = [...this.#known.values()].filter(
      ({ sample }) => sample.pid !== this.#root && !this.#isOfTree(sample.parent),
    );
    return orphans.reduce((sum, { sample }) => sum + sample.cpuSeconds + sample.reapedSeconds, 0);
  }

  /** Takes a look. `now` in milliseconds on any clock that goes forward. */
  observe(samples: readonly ProcessSample[], now: number): void {
    const children = Map.groupBy(samples, ({ parent }) => parent);
    const pending = samples.filter(
      (sample) => sample.pid === this.#root || this.#known.has(identity(sample)),
    );
    const alive = new Map<number, string>();
    for (let sample = pending.pop(); sample !== undefined; sample = pending.pop()) {
      if (alive.has(sample.pid)) continue;
      alive.set(sample.pid, identity(sample));
      this.#see(sample, now);
      pending.push(...(children.get(sample.pid) ?? []));
    }
    this.#alive = alive;
  }

  /** Weighs the processes that the last look found. Costs the kernel some milliseconds a process. */
  weigh(): void {
    const now = [...this.#alive.keys()].reduce((sum, pid) => sum + this.#queries.memory(pid), 0);
    this.#peakMiB = Math.max(this.#peakMiB, now);
  }

  #see(sample: ProcessSample, now: number): void {
    const known = this.#known.get(identity(sample));
    // A process begins as a copy of its parent, and is told by its command only afterwards.
    const command = this.#queries.command(sample.pid) || (known?.process.command ?? "");
    const firstSeen = known?.process.firstSeen ?? now;
    this.#known.set(identity(sample), {
      sample,
      process: { command, cpuSeconds: sample.cpuSeconds, firstSeen, lastSeen: now },
    });
  }

  #isOfTree(pid: number): boolean {
    return this.#alive.has(pid) || [...this.#known.values()].some(({ sample }) => sample.pid === pid);
  }
}

function identity({ pid, started }: ProcessSample): string {
  return `${pid}@${started}`;
}
