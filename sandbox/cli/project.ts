import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { readIfThere, replaceFile } from "./files.ts";
import { omit } from "./omit.ts";
import type { Paths } from "./paths.ts";
import { UserError } from "./user-error.ts";
import { parseYaml } from "./yaml-file.ts";

export interface Project {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The stacks that have a committed file, in alphabetical order, production last. */
  readonly stacks: readonly string[];
}

/** Reads Pulumi.yaml and looks which Pulumi.<stack>.yaml lie beside it. */
export async function readProject(paths: Paths): Promise<Project> {
  const text = await readIfThere(join(paths.project, "Pulumi.yaml"));
  if (text === undefined) throw new UserError(`There is no Pulumi.yaml in ${paths.project}.`);
  const settings = parseYaml(text, join(paths.project, "Pulumi.yaml")) as Record<string, unknown>;
  if (typeof settings["name"] !== "string") throw new UserError("Pulumi.yaml has no `name`.");
  const files = await readdir(paths.project);
  const stacks = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const rank = (stack: string) => (stack === "production" ? 1 : 0);
  stacks.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return { name: settings["name"], settings, stacks };
}

export function committedFile(paths: Paths, stack: string): string {
  return join(paths.project, `Pulumi.${stack}.yaml`);
}

/** The stack's file as Pulumi is given it. */
export function sandboxFile(paths: Paths, stack: string): string {
  return join(paths.config, `Pulumi.${stack}.yaml`);
}

/**
 * The twin is the same project with its stack files in the sandbox. `pulumi stack` and `pulumi state` have no
 * `--config-file` and some of their commands write, move or delete the stack's file; run there, they cannot
 * touch a committed one.
 */
export async function writeTwin(paths: Paths, project: Project): Promise<void> {
  const settings = omit(project.settings, ["backend", "main"]);
  await replaceFile(
    join(paths.twin, "Pulumi.yaml"),
    stringify({ ...settings, stackConfigDir: "../config" }, { lineWidth: 0 }),
  );
}
