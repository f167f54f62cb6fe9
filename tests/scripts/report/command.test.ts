import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report } from "../../../scripts/report/command.ts";

describe("npm run report", () => {
  it("refuses the record of another preview, and shows no value of it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "report-command-"));
    try {
      const [file, snapshot] = [join(folder, "preview.json"), join(folder, "pack.json")];
      const config = {
        "macro-ai:scale": "hobby",
        "macro-ai:openaiApiKey": "[secret]",
        "aws:region": "us-east-1",
      };
      await writeFile(file, JSON.stringify({ config, steps: [] }));
      const stack = {
        ...config,
        "macro-ai:scale": "enterprise",
        "macro-ai:openaiApiKey": "planted",
        "macro-ai:owner": "none",
        "aws:profile": "one",
      };
      const occasion = { preview: true, stack };
      await writeFile(snapshot, JSON.stringify({ occasion, configuration: {}, declared: [], finished: [] }));
      await assert.rejects(
        report(["--out", join(folder, "out"), "--preview", file, "--snapshot", snapshot]),
        /pack\.json is the record of another preview than .*preview\.json: they differ in macro-ai:scale, macro-ai:owner\. Make both anew/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

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
