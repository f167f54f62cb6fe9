import { join } from "node:path";
import { readIfThere, replaceFile } from "../../sandbox/cli/files.ts";

/** How far a sweep has come; it lies beside the sweep's project, so that an interrupted one can be taken up. */
export interface SweepRecord {
  /** `<type>@<name>` of every creation, in the order in which the program asks for them. */
  readonly planned: readonly string[];
  /** Those that have failed. */
  readonly struck: readonly string[];
  readonly updates: number;
  /** Spent in updates. */
  readonly milliseconds: number;
  /** What went wrong, a sentence each. */
  readonly problems: readonly string[];
}

function fileIn(directory: string): string {
  return join(directory, "sweep.json");
}

/** Undefined where no sweep was begun. */
export async function readRecord(directory: string): Promise<SweepRecord | undefined> {
  const text = await readIfThere(fileIn(directory));
  return text === undefined ? undefined : (JSON.parse(text) as SweepRecord);
}

export async function writeRecord(directory: string, record: SweepRecord): Promise<void> {
  await replaceFile(fileIn(directory), JSON.stringify(record, undefined, 1));
}

/** How long the rest takes at the pace so far; undefined as long as there is none. */
export function forecast({ planned, struck, milliseconds }: SweepRecord): number | undefined {
  return struck.length === 0 ? undefined : (milliseconds / struck.length) * (planned.length - struck.length);
}
