import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack } from "../../../operations/lib/stack.ts";
import { readOptions } from "../../../operations/rotate/options.ts";

describe("operations/rotate/options", () => {
  it("tells everything that is wrong in one error", () => {
    const args = [
      "--stack",
      "prodution",
      "--secret",
      "a b",
      "--set",
      "x-y",
      "--json",
      "--time-limit",
      "soon",
      "extra",
    ];
    assert.throws(
      () => readOptions(args),
      (error: Error) => {
        const lines = error.message.split("\n").slice(1);
        const told = [
          /--stack "prodution": .* there are .*Did you mean --stack production\?/,
          /"extra" belongs to no option/,
          /--json goes with --status only/,
          /--secret "a b"/,
          /--set "x-y"/,
          /--time-limit "soon": allowed are minutes/,
        ];
        assert.equal(lines.length, told.length);
        for (const [index, pattern] of told.entries()) assert.match(lines[index] ?? "", pattern);
        return true;
      },
    );
    assert.throws(() => readOptions([]), /--stack is missing[^]*--secret is missing/);
  });

  it("takes --status alone", () => {
    assert.throws(
      () => readOptions(["--stack", "production", "--status", "--secret", "x", "--set", "Y", "--dry-run"]),
      /--secret does not go[^]*--set does not go[^]*--dry-run does not go/,
    );
    assert.equal(readOptions(["--stack", "production", "--status", "--json"]).action, "status");
  });

  it("knows where a stack's secrets lie from its committed configuration", () => {
    const { stack, secret, action, timeLimit } = readOptions([
      "--stack",
      "owner/macro-ai/production",
      "--secret",
      "/macro-ai/production/api-keys",
    ]);
    assert.deepEqual(stack, {
      name: "production",
      environment: "production",
      region: "us-east-1",
      secretPath: "/macro-ai/production",
    });
    assert.deepEqual([secret, action, timeLimit], ["api-keys", "rotate", 900_000]);
  });

  describe("a stack's file", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "macro-ai-stack-"));
    });
    after(() => rm(folder, { recursive: true }));
    const read = async (text: string) => {
      await writeFile(join(folder, "Pulumi.mine.yaml"), text);
      return readStack("mine", folder);
    };

    it("gives environment and region; without a region the project's own", async () => {
      const config = 'config:\n  macro-ai:environment: development\n  "aws:region": eu-west-2\n';
      assert.deepEqual(await read(config), {
        stack: { name: "mine", environment: "development", region: "eu-west-2", secretPath: "/macro-ai/dev" },
      });
      const outcome = await read("config: { macro-ai:environment: dr }");
      assert.equal("stack" in outcome && outcome.stack.region, "us-east-1");
    });

    for (const [what, text, problem] of [
      [
        "an unknown environment",
        "config: { macro-ai:environment: prod }",
        /has "prod" as macro-ai:environment; allowed are development, staging/,
      ],
      ["no environment", "config: {}", /has no macro-ai:environment/],
      ["no configuration", "secretsprovider: x", /has no config\./],
      ["broken YAML", "config: {hidden", /is not YAML/],
    ] as const) {
      it(`with ${what} is told with its fix`, async () => {
        const outcome = await read(text);
        assert.match("problem" in outcome ? outcome.problem : "", problem);
        assert.ok(!JSON.stringify(outcome).includes("hidden"));
      });
    }

    it("is never looked for elsewhere", () => {
      for (const name of ["..", "a\nb", ""]) assert.ok("problem" in readStack(name, folder), name);
    });
  });
});
