import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumi } from "../../../operations/lib/pulumi.ts";

describe("operations/lib/pulumi says what to do", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "macro-ai-pulumi-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("where there is no pulumi", async () => {
    const missing = pulumi("one", join(folder, "missing")).export();
    await assert.rejects(
      missing,
      /There is no `pulumi` on PATH: install it .*, then run the command again\./,
    );
  });

  for (const [about, complaint, advice] of [
    [
      "where it is logged in to no backend",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      /^Pulumi is logged in to no backend: set PULUMI_BACKEND_URL/,
    ],
    [
      "where the stack is not there",
      "error: no stack named 'one' found",
      /no stack named 'one'.*\nIs it in the backend/,
    ],
  ] as const)
    it(about, async () => {
      const program = join(folder, "pulumi");
      await writeFile(program, `#!/bin/sh\necho "${complaint}" >&2\nexit 255\n`, { mode: 0o700 });
      await assert.rejects(pulumi("one", program).export(), { message: advice });
    });
});
