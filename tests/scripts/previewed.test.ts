import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewed } from "../../scripts/previewed.ts";

describe("a preview for npm run cost", () => {
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "previewed-"));
    await mkdir(join(project, "sandbox/cli"), { recursive: true });
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("that the configuration ends advises commands that work without an installed pulumi", async () => {
    const said = [
      "Previewing update (one):",
      "Diagnostics:",
      "  pulumi:pulumi:Stack (small-one):",
      '    error: The configuration of stack "one" has a problem; nothing was changed.',
      "",
      "      macro-ai:database.instanceClass was set without --path.",
      "      Fix: pulumi config rm macro-ai:database.instanceClass --stack one",
      "      Or:  pulumi config set macro-ai:scale hobby --stack one",
      "      Then: pulumi config set --path macro-ai:database.instanceClass db.t4g.medium --stack one",
      "",
      "Resources:",
      "    1 errored",
    ].join("\n");
    await writeFile(
      join(project, "sandbox/cli/run-sandbox.ts"),
      `process.stdout.write(${JSON.stringify(`${said}\n`)}); process.exitCode = 1;`,
    );
    await assert.rejects(previewed("one", { project }), ({ message }: Error) => {
      assert.match(message, /^The preview of one ended before its policies were asked:\n/);
      assert.deepEqual(
        message
          .split("\n")
          .flatMap((line) => /(?:Fix|Or|Then): +(\S+ \S+ \S+ \S+ \S+ \S+)/.exec(line)?.[1] ?? []),
        ["npm run sandbox -- config rm", "npm run sandbox -- config set", "npm run sandbox -- config set"],
      );
      assert.doesNotMatch(message, /errored/);
      return true;
    });
  });
});
