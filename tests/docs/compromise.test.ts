import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { keyring } from "../../rotation/keyring.ts";
import { isKeyring } from "../../runtime/keyring.ts";
import { blocks, pages } from "./pages.ts";

const fields = ["API_KEY", "COOKIE_ENCRYPTION_KEY"];

/** Reads and writes the secret as a file; what else it may be asked is an error. */
const aws = `#!/usr/bin/env bash
case "$*" in
  "secretsmanager get-secret-value --secret-id /macro-ai/production/api-keys --query SecretString --output text") cat secret.json ;;
  "secretsmanager put-secret-value --secret-id /macro-ai/production/api-keys --secret-string file:///dev/stdin") cat > written.json ;;
  *) exit 1 ;;
esac
`;

describe("docs/runbooks/compromise.md", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "macro-ai-ring-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("leaves the newest key alone in each ring, and all else of the secret", async () => {
    const page = pages.find(({ path }) => path === "docs/runbooks/compromise.md");
    const [recipe] = page ? blocks(page, "sh").filter((block) => block.includes("_RING")) : [];
    assert.ok(recipe);
    const rotation = keyring(
      fields.map((field) => ({ field, activationDelaySeconds: 900, overlapSeconds: 86_400 })),
    );
    const first = rotation.parse(JSON.stringify({ API_KEY: "leaked", COOKIE_ENCRYPTION_KEY: "leaked, too" }));
    const rotated = rotation.format(await rotation.create(first, "one"));
    assert.match(rotated, /leaked/);
    await writeFile(join(folder, "secret.json"), rotated);
    await writeFile(join(folder, "aws"), aws);
    await chmod(join(folder, "aws"), 0o755);
    const path = [folder, dirname(process.execPath), process.env["PATH"]].join(delimiter);
    await promisify(execFile)("bash", ["-euo", "pipefail", "-c", recipe], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    });
    const written = await readFile(join(folder, "written.json"), "utf8");
    assert.doesNotMatch(written, /leaked/);
    rotation.parse(written);
    const secret = JSON.parse(written) as Record<string, unknown>;
    for (const field of fields) {
      const ring = secret[`${field}_RING`];
      assert.ok(isKeyring(ring));
      assert.deepEqual(
        ring.keys.map(({ key }) => key),
        [secret[field]],
      );
    }
  });
});
