import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { layOut } from "../../../scripts/cost/revision.ts";

const run = promisify(execFile);

describe("another revision of the project", () => {
  let folder: string;
  let repository: string;
  const git = async (...args: string[]): Promise<string> =>
    (
      await run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
        cwd: repository,
      })
    ).stdout;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cost-revision-"));
    repository = join(folder, "repository");
    await mkdir(join(repository, "node_modules"), { recursive: true });
    await git("init", "--quiet", "--initial-branch", "main");
    await writeFile(join(repository, ".gitignore"), "node_modules\n");
    await writeFile(join(repository, "package-lock.json"), "1");
    await writeFile(join(repository, "Pulumi.staging.yaml"), "before");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "before");
    await writeFile(join(repository, "Pulumi.staging.yaml"), "staged");
    await git("add", ".");
    await writeFile(join(repository, "Pulumi.staging.yaml"), "now");
    await writeFile(join(repository, "new"), "now");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is laid out as it was committed, and the checkout, its index and its work trees stay as they are", async () => {
    const before = [
      await git("status", "--porcelain"),
      await git("diff", "--cached"),
      await git("worktree", "list"),
    ];
    const revision = await layOut("main", join(folder, "one"), repository);
    assert.equal(await readFile(join(revision.project, "Pulumi.staging.yaml"), "utf8"), "before");
    assert.deepEqual((await readdir(revision.project)).sort(), [
      ".gitignore",
      "Pulumi.staging.yaml",
      "node_modules",
      "package-lock.json",
    ]);
    assert.match(revision.commit, /^[0-9a-f]{7}$/);
    assert.equal(revision.otherPackages, false);
    const after = [
      await git("status", "--porcelain"),
      await git("diff", "--cached"),
      await git("worktree", "list"),
    ];
    assert.deepEqual(after, before);
    assert.equal(await readFile(join(repository, "Pulumi.staging.yaml"), "utf8"), "now");
  });

  it("tells where it asks for other packages", async () => {
    await writeFile(join(repository, "package-lock.json"), "2");
    assert.equal((await layOut("main", join(folder, "two"), repository)).otherPackages, true);
  });

  it("that does not exist is an error with the next step, an option in its place too", async () => {
    for (const name of ["develop", "--all", "main:new"])
      await assert.rejects(
        layOut(name, join(folder, "none"), repository),
        /This repository has no revision ".+"\. Name a branch, a tag or a commit/,
      );
  });

  it("of a folder that git has nothing for is an error that says why", async () => {
    const without = async (variables: Record<string, string>, place: string): Promise<string> => {
      const before = { ...process.env };
      Object.assign(process.env, variables);
      try {
        return await layOut("main", join(folder, "none"), place).then(
          () => "laid out",
          (error: unknown) => (error as Error).message,
        );
      } finally {
        for (const name of Object.keys(variables)) {
          const value = before[name];
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
    };
    assert.match(
      await without({ GIT_CEILING_DIRECTORIES: tmpdir() }, folder),
      /this folder is in none\. Clone the repository/,
    );
    assert.match(
      await without({ GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" }, repository),
      /git does not trust .*, which belongs to another user\. If you do: git config --global --add safe\.directory \S+repository$/,
    );
    assert.match(await without({ PATH: folder }, repository), /git is not installed\. Install it\.$/);
  });
});
