import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const checkout = resolve(import.meta.dirname, "../../..");

describe("npm scripts of a checkout", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "run-test-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  for (const script of ["start", "sandbox", "doctor"]) {
    it(`npm run ${script} asks for npm ci where nothing is installed`, async () => {
      await cp(join(checkout, "package.json"), join(directory, "package.json"));
      await mkdir(join(directory, "sandbox/cli"), { recursive: true });
      await cp(join(checkout, "sandbox/cli/run.js"), join(directory, "sandbox/cli/run.js"));
      const { status, stderr } = spawnSync("npm", ["run", "--silent", script], {
        cwd: directory,
        encoding: "utf8",
      });
      assert.equal(status, 1);
      assert.match(stderr, /The packages are not installed\. Run "npm ci" first/);
    });

    it(`npm run ${script} passes its arguments on`, () => {
      const { status, stdout } = spawnSync("npm", ["run", "--silent", script, "--", "--help"], {
        cwd: checkout,
        encoding: "utf8",
      });
      assert.equal(status, 0);
      assert.match(stdout, /\S/);
    });
  }
});
