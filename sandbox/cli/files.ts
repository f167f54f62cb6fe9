import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** The file's text, or undefined where there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

let drafts = 0;

/** Replaces the file in one step, so that a crash or a full disk leaves the old one; does nothing when it says this already. */
export async function replaceFile(file: string, text: string, mode = 0o644): Promise<void> {
  if ((await readIfThere(file)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  drafts += 1;
  const draft = `${file}.${process.pid}-${drafts}.new`;
  const handle = await open(draft, "w", mode);
  try {
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
