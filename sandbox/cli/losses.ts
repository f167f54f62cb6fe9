import { stat } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "./files.ts";
import { filesIn, type StateFiles } from "./state.ts";
import { type Paths, shown } from "./paths.ts";
import { UserError } from "./user-error.ts";

/** Refuses a sandbox whose place is taken by something that is no folder. */
export async function requireFolder(paths: Paths): Promise<void> {
  const what = await stat(paths.directory).then(
    (found) => (found.isDirectory() ? undefined : "is a file"),
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      if (code === "ENOTDIR") return "lies below a file";
      throw error;
    },
  );
  if (what === undefined) return;
  throw new UserError(
    `The sandbox is to be kept in ${paths.directory}, which ${what}. Nothing was changed. ` +
      "MACRO_AI_SANDBOX must name a folder, or one that can be made; without it the sandbox lies in .sandbox.",
  );
}

/** Refuses to make a new passphrase where something is encrypted with a lost one. */
export async function refuseLostPassphrase(paths: Paths): Promise<void> {
  const projects = join(paths.state, ".pulumi/stacks");
  const [configs, states] = await Promise.all([filesIn(paths.config), filesIn(projects)]);
  if (configs.length + states.length === 0) return;
  throw new UserError(
    `${shown(paths.passphrase)} is missing, and the sandbox's secrets and states cannot be read without it. ` +
      `Nothing was changed. Put the file back, or ${beginAnew(paths)}`,
  );
}

/** Refuses to take a lost stand-in cloud for an empty one: updates would find nothing to change in it. */
export async function refuseLostCloud(paths: Paths, state: StateFiles): Promise<void> {
  if (await exists(paths.cloud)) return;
  const stacks: string[] = [];
  let resources = 0;
  for (const stack of await state.stacks()) {
    const known = (await state.read(stack))?.resources ?? [];
    const lost = known.filter(({ custom, type }) => custom && type.startsWith("aws:")).length;
    if (lost > 0) stacks.push(stack);
    resources += lost;
  }
  if (stacks.length === 0) return;
  const copy = `${paths.cloud}.bak`;
  const back = (await exists(copy))
    ? `  - Put it back. As it was when the last command began: cp ${shown(copy)} ${shown(paths.cloud)}`
    : "  - Put it back.";
  throw new UserError(
    [
      `The stand-in cloud, ${shown(paths.cloud)}, is missing, while the state of ${stacks.join(" and ")} has ` +
        `${resources} resources in it. Nothing was changed. Ways out:`,
      back,
      "  - Drop them from the state, and make them anew with npm start:",
      ...stacks.map((stack) => `      npm run sandbox -- refresh --yes --stack ${stack}`),
      `  - ${capitalized(beginAnew(paths))}`,
    ].join("\n"),
  );
}

function beginAnew(paths: Paths): string {
  return `begin anew without these stacks and their cloud: rm -r ${shown(paths.directory)}, then npm start`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
