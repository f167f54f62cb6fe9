import { sep } from "node:path";
import { sandboxPaths } from "./paths.ts";

/** An error whose message alone helps its reader: what happened, the value, what is allowed, the next step. */
export class UserError extends Error {
  override name = "UserError";
}

/** Faults of the program, not of its user: only their place helps. */
const ours = [TypeError, RangeError, ReferenceError];

/** What a person is shown of any error; stack traces only where `DEBUG` is set. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"]) return error.stack ?? error.message;
  const isOurs = ours.some((kind) => error instanceof kind);
  return diskProblem(error.message) ?? `${error.message}${isOurs ? " (DEBUG=1 shows where)" : ""}`;
}

/** What to do about a disk that is full or cannot be written, where the text says so. */
export function diskProblem(text: string): string | undefined {
  // As a draft is called that takes a file's place (files.ts).
  const file = /'([^']+)'/.exec(text)?.[1]?.replace(/\.\d+-\d+\.new$/, "");
  if (/ENOSPC|no space left on/.test(text)) {
    return (
      `The disk${file === undefined ? "" : ` that holds ${file}`} is full. What was saved before is intact: ` +
      "free some space and run the command again."
    );
  }
  if (/EROFS|EACCES|EPERM/.test(text) && file !== undefined) {
    const { directory } = sandboxPaths();
    const isSandbox =
      `${file}${sep}`.startsWith(`${directory}${sep}`) || directory.startsWith(`${file}${sep}`);
    return isSandbox
      ? `${file} cannot be written. MACRO_AI_SANDBOX=<folder> keeps the sandbox somewhere else.`
      : `${file} cannot be written: this user may not. Work in a checkout of your own, or be given the right to write there.`;
  }
  return undefined;
}
