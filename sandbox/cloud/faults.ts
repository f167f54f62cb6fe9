/** Faults on demand: `create:aws:rds/instance:Instance#2=timeout`, `delete:aws:s3/bucket:Bucket@website=error`. */

import { suggestion } from "./nearest.ts";

const operations = ["create", "read", "update", "delete"] as const;
const kinds = ["error", "error-after", "timeout", "throttle", "die"] as const;

export type Operation = (typeof operations)[number];

/**
 * error: fails before anything is made. error-after: done, but the answer is lost. timeout: hangs, then fails, nothing
 * made. throttle: AWS refuses for a while and the provider's own retry succeeds. die: done and on disk, then SIGKILL.
 */
export type FaultKind = (typeof kinds)[number];

export interface Fault {
  readonly operation: Operation;
  /** Type token, or `*`. */
  readonly type: string;
  /** Logical name; of any when left out. */
  readonly name?: string;
  /** Which matching call fails, from 1. */
  readonly occurrence: number;
  readonly kind: FaultKind;
}

const form = "<operation>:<type or *>[@<name>][#k]=<kind>";

/** Reads faults as they stand on a command line. Throws one Error that lists every problem and what is allowed. */
export function parseFaults(texts: readonly string[], types: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const problems: string[] = [];
  for (const text of texts) {
    const parsed = parseFault(text, types);
    if (typeof parsed === "string") problems.push(`  ${text}: ${parsed}`);
    else faults.push(parsed);
  }
  if (problems.length > 0)
    throw new Error(
      [
        "Not a fault:",
        ...problems,
        `Allowed: ${form}; operations ${operations.join(", ")}; kinds ${kinds.join(", ")}; k counts the matching calls from 1.`,
      ].join("\n"),
    );
  return faults;
}

function parseFault(text: string, types: readonly string[]): Fault | string {
  const match =
    /^(?<operation>[^:]*):(?<type>[^@#=]*)(?:@(?<name>[^#=]+))?(?:#(?<occurrence>[^=]*))?=(?<kind>.*)$/.exec(
      text,
    );
  if (match?.groups === undefined) return `it has not the form ${form}`;
  const { operation = "", type = "", name, occurrence = "1", kind = "" } = match.groups;
  if (!isOneOf(operations, operation))
    return `unknown operation "${operation}"${suggestion(operation, operations)}`;
  if (!isOneOf(kinds, kind)) return `unknown kind "${kind}"${suggestion(kind, kinds)}`;
  if (!/^[1-9]\d*$/.test(occurrence)) return `"#${occurrence}" is not a count from 1`;
  if (type !== "*" && !types.includes(type))
    return `the stand-in cloud has no resource type "${type}"${suggestion(type, types)}`;
  return { operation, type, ...(name === undefined ? {} : { name }), occurrence: Number(occurrence), kind };
}

function isOneOf<T extends string>(allowed: readonly T[], text: string): text is T {
  return (allowed as readonly string[]).includes(text);
}

/** Counts calls and says which of them fail. */
export class FaultInjector {
  readonly #faults: readonly Fault[];
  readonly #seen: number[];

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
    this.#seen = faults.map(() => 0);
  }

  /** Counts one call; the kind of fault that it meets, if any. Without a URN no fault with a name is met. */
  next(operation: Operation, type: string, urn: string | undefined): FaultKind | undefined {
    let met: FaultKind | undefined;
    for (const [index, fault] of this.#faults.entries()) {
      if (fault.operation !== operation || (fault.type !== "*" && fault.type !== type)) continue;
      if (fault.name !== undefined && urn?.endsWith(`::${fault.name}`) !== true) continue;
      const seen = (this.#seen[index] ?? 0) + 1;
      this.#seen[index] = seen;
      if (seen === fault.occurrence) met ??= fault.kind;
    }
    return met;
  }
}
