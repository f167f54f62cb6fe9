import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import lockfile from "proper-lockfile";
import { OperationError } from "./operation-error.ts";

/** One line of a journal. */
export interface Entry {
  /** ISO 8601. */
  at: string;
  run: string;
  /** What was begun, done or given up; `run` for the run itself. */
  step: string;
  event: "begun" | "done" | "failed";
  /** What is worth knowing afterwards. Never a secret's value. */
  note?: string;
  facts?: Readonly<Record<string, string>>;
}

/**
 * What an operation did to a stack, line by line, in a file beside the project. It only spares questions: whether something has
 * happened is always asked of AWS and the database as well, so that a lost or torn line costs time, never truth.
 */
export interface Journal {
  readonly file: string;
  readonly folder: string;
  entries(): Promise<readonly Entry[]>;
  write(entry: Omit<Entry, "at">): Promise<void>;
  /** Lets the next command in. */
  release(): Promise<void>;
}

/** Where operations leave what they must remember. Ignored by git: it is a machine's own. */
export const stateFolder = (): string => process.env["MACRO_AI_OPERATIONS"] ?? ".operations";

/**
 * Opens a stack's journal for one command at a time.
 *
 * @param name of the file, where a command has several kinds of runs @default - the operation
 * @throws OperationError when another command has it
 */
export async function openJournal(operation: string, stack: string, name = operation): Promise<Journal> {
  const folder = join(stateFolder(), stack);
  const file = join(folder, `${name}.jsonl`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unlock = await lock(file, operation, stack);
  return {
    file,
    folder,
    entries: async () => parse(await readFile(file, "utf8").catch(() => "")),
    write: (entry) =>
      appendFile(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`, { mode: 0o600 }),
    release: unlock,
  };
}

/** A line that was being written when the machine died is no line. */
function parse(text: string): Entry[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Entry];
    } catch {
      return [];
    }
  });
}

/** A command that has not touched its lock for so long has crashed, whatever its process id says. */
const STALE_MS = 60_000;

async function lock(file: string, operation: string, stack: string): Promise<() => Promise<void>> {
  const holder = `${file}.pid`;
  const acquire = () => lockfile.lock(file, { realpath: false, stale: STALE_MS, update: STALE_MS / 6 });
  const unlock = await acquire().catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    const pid = Number(await readFile(holder, "utf8").catch(() => ""));
    if (pid > 0 && !lives(pid)) {
      await rm(`${file}.lock`, { recursive: true, force: true });
      return acquire();
    }
    throw new OperationError(
      `Another \`npm run ${operation}\` works on ${stack} on this machine (process ${pid > 0 ? pid : "unknown"}). Wait until it has ended.`,
    );
  });
  await writeFile(holder, String(process.pid));
  return async () => {
    await rm(holder, { force: true });
    await unlock();
  };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
