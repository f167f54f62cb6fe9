import { mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";

const checkout = resolve(import.meta.dirname, "../..");

/** A stack's configuration, with namespaces. */
export type Config = Readonly<Record<string, unknown>>;

/** This checkout's program in a folder of its own, without stacks: what the drill does there touches nothing else. */
export async function drillProject(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "macro-ai-dr-drill-"));
  const shared = (await readdir(checkout)).filter((name) => !/^\.|^Pulumi\..+\.yaml$/.test(name));
  for (const name of shared) await symlink(join(checkout, name), join(directory, name));
  return directory;
}

/** The configuration in one of the checkout's files. */
export async function committed(file: string): Promise<Config> {
  const document = parse(await readFile(join(checkout, file), "utf8")) as { config: Config };
  return document.config;
}

/** Writes the file of one of the project's stacks. */
export function configure(project: string, stack: string, config: Config): Promise<void> {
  return writeFile(join(project, `Pulumi.${stack}.yaml`), stringify({ config }));
}
