import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../sandbox/cli/user-error.ts";

const checkout = resolve(import.meta.dirname, "../..");
const git = promisify(execFile);

/** Another revision of the project, laid out in a folder. */
export interface Revision {
  /** The folder. */
  project: string;
  /** The commit's hash, shortened. */
  commit: string;
  /** Whether it asks for other packages than this checkout, with which it has to run. */
  otherPackages: boolean;
}

/**
 * Lays out a revision of the repository in a folder, through an index of its own: neither the checkout nor its index nor its
 * list of work trees changes. The packages are this checkout's.
 *
 * @throws UserError where the repository has no such revision
 */
export async function layOut(name: string, folder: string, repository = checkout): Promise<Revision> {
  const run = async (args: string[], env: Record<string, string> = {}): Promise<string> =>
    (
      await git("git", args, { cwd: repository, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", ...env } })
    ).stdout.trim();
  await run(["rev-parse", "--git-dir"]).catch((error: unknown) => {
    throw new UserError(
      `--diff compares with a revision of the git repository, and ${whyNone(error, repository)}`,
    );
  });
  const commit = await run([
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${name}^{commit}`,
  ]).catch(() => {
    throw new UserError(
      `This repository has no revision "${name}". Name a branch, a tag or a commit; of a branch that is not here yet: git fetch origin ${name}, then --diff origin/${name}.`,
    );
  });
  const project = join(folder, "project");
  await mkdir(project, { recursive: true });
  const index = { GIT_INDEX_FILE: join(folder, "index") };
  await run(["read-tree", commit], index);
  await run(["checkout-index", "--all", `--prefix=${project}/`], index);
  await symlink(join(repository, "node_modules"), join(project, "node_modules"));
  for (const workspace of ["policies", "rotation", "runtime"]) {
    const packages = join(repository, workspace, "node_modules");
    if (existsSync(packages) && existsSync(join(project, workspace)))
      await symlink(packages, join(project, workspace, "node_modules"));
  }
  // What is deployed of rotation/ is built, and no part of the repository.
  const build = join(project, "rotation/build.ts");
  if (existsSync(build)) await git(process.execPath, [build], { cwd: project });
  const changed = await run(["diff", "--name-only", commit, "--", "package-lock.json"]);
  return { project, commit: commit.slice(0, 7), otherPackages: changed !== "" };
}

/** Why git knows no repository of a folder; what git says for itself is about options of its own. */
export function whyNone(error: unknown, repository: string): string {
  const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
  if (code === "ENOENT") return "git is not installed. Install it.";
  if (stderr.includes("dubious ownership"))
    return `git does not trust ${repository}, which belongs to another user. If you do: git config --global --add safe.directory ${repository}`;
  return "this folder is in none. Clone the repository, and run it there.";
}
