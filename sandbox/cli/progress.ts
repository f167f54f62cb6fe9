import pc from "picocolors";
import { type Tally, urnName } from "./events.ts";

/** Shows how the stacks come on while Pulumi works on them. */
export interface Progress {
  /** A stack's work begins. `expected`: resources it had last time, if it is known. */
  begin(stack: string, expected: number | undefined): void;
  update(stack: string, tally: Tally): void;
  /** A sentence about a stack that stays. */
  note(stack: string, text: string): void;
  end(stack: string, tally: Tally, outcome: "done" | "failed"): void;
  /** No more of this stack, or of any. */
  close(): void;
}

interface Row {
  readonly startedAt: number;
  readonly expected: number | undefined;
  tally: Tally | undefined;
  outcome: "done" | "failed" | undefined;
  endedAt: number | undefined;
}

export async function progressOn(stream: NodeJS.WriteStream): Promise<Progress> {
  return stream.isTTY ? new LiveProgress(await liveArea(stream)) : new PlainProgress(stream);
}

const PLAIN_INTERVAL_MS = 5_000;

/** A line when a stack begins and ends, and one every few seconds between. */
class PlainProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #rows = new Map<string, Row>();
  readonly #shownAt = new Map<string, number>();

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  begin(stack: string, expected: number | undefined): void {
    this.#rows.set(stack, newRow(expected));
    this.#shownAt.set(stack, Date.now());
  }

  update(stack: string, tally: Tally): void {
    if (Date.now() - (this.#shownAt.get(stack) ?? 0) < PLAIN_INTERVAL_MS) return;
    this.#shownAt.set(stack, Date.now());
    this.#line(stack, `${count(tally, this.#rows.get(stack)?.expected)}, ${this.#seconds(stack)}`);
  }

  note(stack: string, text: string): void {
    this.#line(stack, text);
  }

  end(stack: string, tally: Tally, outcome: "done" | "failed"): void {
    this.#line(stack, `${outcome}, ${tally.finished} resources, ${this.#seconds(stack)}`);
  }

  close(): void {
    this.#rows.clear();
  }

  #seconds(stack: string): string {
    return seconds(Date.now() - (this.#rows.get(stack)?.startedAt ?? Date.now()));
  }

  #line(stack: string, text: string): void {
    this.#stream.write(`${stack}: ${text}\n`);
  }
}

/** What `log-update` offers of a part of the screen that is written over. */
interface LiveArea {
  (text: string): void;
  persist(text: string): void;
  clear(): void;
  done(): void;
  readonly columns: number;
}

async function liveArea(stream: NodeJS.WriteStream): Promise<LiveArea> {
  const { createLogUpdate } = await import("log-update");
  const area = createLogUpdate(stream);
  return Object.defineProperty(area, "columns", { get: () => stream.columns }) as LiveArea;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** One row a stack, drawn over ten times a second. */
class LiveProgress implements Progress {
  readonly #area: LiveArea;
  readonly #rows = new Map<string, Row>();
  readonly #timer: NodeJS.Timeout;
  #frame = 0;

  constructor(area: LiveArea) {
    this.#area = area;
    this.#timer = setInterval(() => this.#draw(), 100);
  }

  begin(stack: string, expected: number | undefined): void {
    this.#rows.set(stack, newRow(expected));
  }

  update(stack: string, tally: Tally): void {
    const row = this.#rows.get(stack);
    if (row) row.tally = tally;
  }

  note(stack: string, text: string): void {
    this.#area.persist(`${stack}: ${text}`);
    this.#draw();
  }

  end(stack: string, tally: Tally, outcome: "done" | "failed"): void {
    const row = this.#rows.get(stack);
    if (row) Object.assign(row, { tally, outcome, endedAt: Date.now() });
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw();
    this.#area.done();
  }

  #draw(): void {
    this.#frame += 1;
    const width = Math.max(...[...this.#rows.keys()].map((stack) => stack.length));
    const lines = [...this.#rows].map(([stack, row]) => this.#line(stack.padEnd(width), row));
    this.#area(lines.join("\n"));
  }

  #line(stack: string, row: Row): string {
    const mark =
      row.outcome === undefined
        ? pc.cyan(spinner[this.#frame % spinner.length] ?? "")
        : row.outcome === "done"
          ? pc.green("✔")
          : pc.red("✖");
    const time = seconds((row.endedAt ?? Date.now()) - row.startedAt);
    const done = row.tally === undefined ? "starting" : count(row.tally, row.expected);
    const head = `${stack}  ${done}  ${time}`;
    const step = row.outcome === undefined ? row.tally?.current : undefined;
    const room = this.#area.columns - head.length - 8;
    const doing = step === undefined ? "" : `${step.op} ${step.type} ${urnName(step.urn)}`;
    return `${mark} ${head}${room > 10 && doing ? pc.dim(`  ${doing.slice(0, room)}`) : ""}`;
  }
}

function newRow(expected: number | undefined): Row {
  return { startedAt: Date.now(), expected, tally: undefined, outcome: undefined, endedAt: undefined };
}

/** A stack that is new to the sandbox tells its size only as its resources come. */
function count(tally: Tally, expected: number | undefined): string {
  if (tally.finished === 0) return "starting";
  if (expected === undefined || tally.finished > expected) return `${tally.finished} resources`;
  return `${tally.finished} of ${expected} resources`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
