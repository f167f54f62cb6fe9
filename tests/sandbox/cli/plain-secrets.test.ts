import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCommandLine } from "../../../sandbox/cli/command-line.ts";
import { sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { refusePlainSecrets } from "../../../sandbox/cli/plain-secrets.ts";
import { sandbox } from "../../../sandbox/cli/sandbox.ts";

describe("secrets in plain text", () => {
  const paths = sandboxPaths();
  const check = (line: string) => refusePlainSecrets(paths, readCommandLine(line.split(" ")));

  const json = (secret: unknown) => JSON.stringify({ "macro-ai:openaiApiKey": { value: "sk-hush", secret } });

  const refused = [
    "config set macro-ai:openaiApiKey sk-hush --stack staging",
    "config set openaiApiKey sk-hush --stack staging",
    "config set --stack=staging --plaintext macro-ai:openaiApiKey -- sk-hush",
    "config set --secret=false macro-ai:openaiApiKey sk-hush --stack staging",
    "config set --path macro-ai:openaiApiKey sk-hush --stack staging",
    'config set --path macro-ai:["openaiApiKey"] sk-hush --stack staging',
    'config set --path ["macro-ai:openaiApiKey"] sk-hush --stack staging',
    "config set --path macro-ai:openaiApiKey.inner sk-hush --stack staging",
    "config set --path macro-ai:openaiApiKey[0] sk-hush --stack staging",
    "config set macro-ai:config:openaiApiKey sk-hush --stack staging",
    "config set macro-ai:openaiApiKey --stack staging",
    "config set-all --plaintext macro-ai:openaiApiKey=sk-hush --stack staging",
    "config set-all --plaintext=macro-ai:openaiApiKey=sk-hush --stack staging",
    "config set-all --path --plaintext openaiApiKey.inner=sk-hush --stack staging",
    `config set-all --json ${json(false)} --stack staging`,
    `config set-all --json=${json(undefined)} --stack staging`,
    "up --config macro-ai:openaiApiKey=sk-hush --stack staging",
    "up --config-path --config macro-ai:openaiApiKey.inner=sk-hush --stack staging",
    "preview -c openaiApiKey=sk-hush --stack staging",
    "refresh -copenaiApiKey=sk-hush --stack staging",
  ];
  for (const line of refused) {
    it(`are refused in "${line}"`, async () => {
      await assert.rejects(check(line), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(
          error.message,
          /^macro-ai:openaiApiKey is a secret: .* committed Pulumi\.staging\.yaml\./,
        );
        assert.match(error.message, /-- config set --secret macro-ai:openaiApiKey --stack staging \(/);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
    });
  }

  const allowed = [
    "config set --secret macro-ai:openaiApiKey sk-hush --stack staging",
    "config set macro-ai:openaiApiKey sk-hush --secret --stack staging",
    "config set-all --secret macro-ai:openaiApiKey=sk-hush --stack staging",
    `config set-all --json ${json(true)} --stack staging`,
    "config set-all --json {broken --stack staging",
    "config set macro-ai:openaiApiKeys x --stack staging",
    "config copy macro-ai:openaiApiKey --dest production --stack staging",
    "config get macro-ai:openaiApiKey --stack staging",
    "config rm macro-ai:openaiApiKey --stack staging",
    "config set macro-ai:scale hobby --stack staging",
    "config set other:openaiApiKey x --stack staging",
    "up --config macro-ai:scale=hobby --stack staging",
    "up --config-file x --stack staging",
  ];
  for (const line of allowed) {
    it(`are not found in "${line}"`, () => check(line));
  }

  it("reach no file", async () => {
    const file = join(paths.project, "Pulumi.staging.yaml");
    const before = await readFile(file, "utf8");
    await assert.rejects(sandbox(refused[0]?.split(" ") ?? []), /Nothing was written/);
    assert.equal(await readFile(file, "utf8"), before);
  });
});
