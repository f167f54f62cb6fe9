import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { whyNone } from "../../cost/revision.ts";

const run = promisify(execFile);

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/**
 * The commit that is checked out.
 *
 * @throws UserError where there is none
 */
export async function headOf(folder: string): Promise<string> {
  try {
    return await git(folder, "rev-parse", "--verify", "HEAD");
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const why = stderr.includes("Needed a single revision")
      ? "this repository has no commit. Commit the project first."
      : whyNone(error, folder);
    throw new UserError(`What is deployed is known by its commit in a git repository, and ${why}`, {
      cause: error,
    });
  }
}

/**
 * An older commit in a folder of its own, with its packages.
 *
 * @throws UserError when the commit is not here, as in a shallow clone
 */
export async function checkoutOf(
  project: string,
  commit: string,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), "macro-ai-previous-"));
  const folder = join(parent, "project");
  const remove = async (): Promise<void> => {
    await git(project, "worktree", "remove", "--force", folder).catch(() => undefined);
    await rm(parent, { recursive: true, force: true });
    await git(project, "worktree", "prune");
  };
  try {
    await git(project, "worktree", "add", "--detach", folder, commit);
    await install(project, folder);
  } catch (error) {
    await remove();
    throw new UserError(
      `Commit ${commit} cannot be checked out: ${(error as Error).message.trim()}. The workflow's checkout needs fetch-depth: 0.`,
      { cause: error },
    );
  }
  return { folder, remove };
}

/** The same packages where the lock file is the same, which spares a minute while the service is down. */
async function install(project: string, folder: string): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [project, folder].map((place) => readFile(join(place, "package-lock.json"), "utf8").catch(() => "")),
  );
  if (ours === theirs) await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  else await run("npm", ["ci"], { cwd: folder });
}
