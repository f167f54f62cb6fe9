import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../sandbox/cli/user-error.ts";

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: "it is a file, or below one",
  ENOTDIR: "it is a file, or below one",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "this user may not write there",
  ENOENT: "no folder can be made there",
};

/**
 * Makes a folder for a command's files, and those that it lies in. A command asks at once, before what takes its time.
 *
 * @param folder an absolute path
 * @param given the folder as the user wrote it
 * @param option the option that names it: `--output`
 * @throws UserError where no folder can be, or none that can be written
 */
export async function makeReportFolder(folder: string, given: string, option: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    const why = REASONS[(error as NodeJS.ErrnoException).code ?? ""] ?? String(error);
    throw new UserError(
      `The report cannot be written into ${given}: ${why}. Name a folder that can be: ${option} <folder>`,
    );
  }
}

/**
 * Makes a folder that can be written, and those that it lies in.
 *
 * @param mode of those that it makes @default 0o777
 * @throws Error of Node's, with its code: EEXIST where it is a file, ENOTDIR below one
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  for (const missing of await missingIn(folder)) await mkdir(missing, mode).catch(unlessMadeMeanwhile);
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: "EEXIST" });
  await access(folder, constants.W_OK);
}

/** The folders to make, the outermost first. Node's own recursive mkdir never ends where a file system makes none, as below /proc. */
async function missingIn(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let path = folder; !(await isThere(path)); path = dirname(path)) missing.unshift(path);
  return missing;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function unlessMadeMeanwhile(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
