import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report } from "../../../scripts/report/command.ts";

describe("npm run report", () => {
  it("says of a folder that cannot be written before it deploys anything", async () => {
    const folder = await mkdtemp(join(tmpdir(), "report-command-"));
    try {
      const file = join(folder, "README.md");
      await writeFile(file, "");
      for (const out of [file, join(file, "below")])
        await assert.rejects(
          report(["--out", out, "--base", "nowhere"]),
          ({ message }: Error) =>
            message ===
            `The report cannot be written into ${out}: it is a file, or below one. Name a folder that can be: --out <folder>`,
        );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
