import { command, type Fix, keyText, type Path } from "./commands.ts";

/** One thing that is wrong with a stack's configuration, in its user's words. */
export interface Problem {
  /** The key to blame, e.g. `macro-ai:network.zones`. */
  readonly key: string;
  /** What is wrong, with the value unless it is a secret's. */
  readonly message: string;
  /** What would be right; left out where the message says it. */
  readonly allowed?: string;
  /** Commands, each of which mends it by itself. */
  readonly fixes: readonly string[];
  /** The command that has to follow; left out where none has. */
  readonly next?: string;
}

/** What a check finds, before it is put into words for a stack. */
export interface Finding {
  readonly path: Path;
  /** Continues the key: "is ...", "has ...". */
  readonly says: string;
  readonly allowed?: string;
  readonly fixes: readonly Fix[];
  /** What has to follow a fix. */
  readonly next?: Fix;
}

export function problemOf({ path, says, allowed, fixes, next }: Finding, stackName: string): Problem {
  const key = keyText(path);
  return {
    key,
    message: `${key} ${says}`,
    ...(allowed === undefined ? {} : { allowed }),
    fixes: fixes.map((fix) => command(fix, stackName)),
    ...(next && { next: command(next, stackName) }),
  };
}

/** One text with every problem, numbered when there are several. */
export function describeProblems(problems: readonly Problem[], stackName: string): string {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return [
    `The configuration of stack ${JSON.stringify(stackName)} has ${count}; nothing was changed.`,
    ...problems.map(describe),
  ].join("\n\n");
}

function describe(
  { message, allowed, fixes, next }: Problem,
  index: number,
  { length }: readonly Problem[],
): string {
  const lead = length === 1 ? "" : `${index + 1}. `;
  const lines = [
    message,
    ...(allowed === undefined ? [] : [`Allowed: ${allowed}.`]),
    ...fixes.map((fix, alternative) => `${alternative === 0 ? "Fix:" : "Or: "} ${fix}`),
    ...(next === undefined ? [] : [`Then: ${next}`]),
  ];
  return lines.map((line, number) => `  ${number === 0 ? lead : " ".repeat(lead.length)}${line}`).join("\n");
}
