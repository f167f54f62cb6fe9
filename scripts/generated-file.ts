import { readFile, writeFile } from "node:fs/promises";

/** A file, or a part of one, that something else in the project decides. */
export interface GeneratedFile {
  file: URL;
  /** As messages name it: `docs/network.md`. */
  name: string;
  /** The file's whole text as it should be. */
  expected: string;
  /** What to do about a stale one: a sentence. */
  remedy: string;
}

/** Writes the file unless it is current; with `check` only tells, and lets the command fail. */
export async function writeOrCheckFile(
  { file, name, expected, remedy }: GeneratedFile,
  { check }: { check: boolean },
): Promise<void> {
  const current = await readFile(file, "utf8").catch(() => "");
  if (current === expected) {
    console.log(`${name} is current.`);
  } else if (check) {
    console.error(`${name} is stale. ${remedy}`);
    process.exitCode = 1;
  } else {
    await writeFile(file, expected);
    console.log(`${name} was written.`);
  }
}
