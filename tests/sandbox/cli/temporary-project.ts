import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const modules = resolve(import.meta.dirname, "../../../node_modules");

/** A Pulumi project in a folder of its own, with this checkout's packages. */
export interface TemporaryProject {
  readonly directory: string;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a project named `small` with these files beside Pulumi.yaml. */
export async function temporaryProject(
  files: Readonly<Record<string, string>> = {},
): Promise<TemporaryProject> {
  const directory = await mkdtemp(join(tmpdir(), "small-project-"));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  };
  await symlink(modules, join(directory, "node_modules"));
  await write("Pulumi.yaml", "name: small\nruntime: { name: nodejs, options: { typescript: false } }\n");
  await write("package.json", JSON.stringify({ name: "small", type: "module", main: "index.ts" }));
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return { directory, write, remove: () => rm(directory, { recursive: true, force: true }) };
}
