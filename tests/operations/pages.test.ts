import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { steps } from "../../operations/migrate/steps.ts";
import { steps as restoreSteps } from "../../operations/restore/steps.ts";
import { steps as upgradeSteps } from "../../operations/upgrade/steps.ts";

const checkout = resolve(import.meta.dirname, "../..");

/** Commands, their pages, and the steps that both tell of. */
const commands = [
  { name: "migrate", page: "migrations.md", steps: steps.map(({ name }) => name) },
  { name: "upgrade", page: "upgrade.md", steps: upgradeSteps.map(({ name }) => name) },
  { name: "restore", page: "restore.md", steps: restoreSteps.map(({ name }) => name) },
] as const;

/** Options that need no word in a page. */
const plain = ["--help", "--interval"];

describe("operations: commands and their runbooks", function () {
  this.timeout(30_000);
  for (const { name, page, steps } of commands) {
    it(`docs/runbooks/${page} tells of what npm run ${name} takes, and of nothing else`, async () => {
      const scripts = JSON.parse(await readFile(join(checkout, "package.json"), "utf8")) as {
        scripts: Record<string, string>;
      };
      const [, script = ""] = scripts.scripts[name]?.split(" ") ?? [];
      const { stdout } = await promisify(execFile)(process.execPath, [join(checkout, script), "--help"]);
      const text = await readFile(join(checkout, "docs/runbooks", page), "utf8");
      assert.ok(stdout.includes(page), `--help does not lead to ${page}`);
      const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = ""]) => option);
      for (const option of options.filter((one) => !plain.includes(one)))
        assert.ok(text.includes(option), `${page} says nothing of ${option}`);
      const used = [...text.matchAll(new RegExp(`npm run ${name} -- ([^\\n#]*)`, "g"))].flatMap(
        ([, line = ""]) => line.match(/--[a-z-]+/g) ?? [],
      );
      assert.ok(used.length > 0);
      assert.deepEqual(
        used.filter((option) => !options.includes(option)),
        [],
      );
      for (const step of steps) assert.match(text, new RegExp(`^\\| ${step} +\\|`, "m"));
    });
  }
});
