import assert from "node:assert/strict";
import { join } from "node:path";
import { sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { errorText } from "../../../sandbox/cli/user-error.ts";

describe("what a person is told of a file that cannot be written", () => {
  const { project, directory } = sandboxPaths();
  const refused = (file: string): string => errorText(new Error(`EACCES: permission denied, open '${file}'`));

  it("is where else the sandbox could be, where it is the sandbox's", () => {
    for (const file of [directory, join(directory, "state/x.json")])
      assert.equal(
        refused(file),
        `${file} cannot be written. MACRO_AI_SANDBOX=<folder> keeps the sandbox somewhere else.`,
      );
  });

  it("is that this user may not, where it is another, by the name that people know", () => {
    const file = join(project, "Pulumi.staging.yaml");
    for (const name of [file, `${file}.3944-6.new`]) {
      assert.match(refused(name), /Pulumi\.staging\.yaml cannot be written: this user may not\./);
      assert.doesNotMatch(refused(name), /MACRO_AI_SANDBOX/);
    }
  });
});
