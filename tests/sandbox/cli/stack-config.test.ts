import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { carryBack, type StackFiles, writeSandboxFile } from "../../../sandbox/cli/stack-config.ts";

const committed = `# Who pays
secretsprovider: awskms://alias/stack
encryptedkey: AAAA
config:
  small:size: 2 # generous
  small:key:
    secure: v1:real
  small:group:
    plain: 1
    hidden:
      secure: v1:real
`;

describe("stack file of the sandbox", () => {
  let folder: string;
  let files: StackFiles;
  const read = async (file: string) =>
    parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-config-"));
    files = { committed: join(folder, "committed.yaml"), sandbox: join(folder, "sandbox.yaml") };
    await writeFile(files.committed, committed);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("leaves out what only the real deployment can decrypt", async () => {
    await writeSandboxFile(files);
    assert.deepEqual(await read(files.sandbox), { config: { "small:size": 2, "small:group": { plain: 1 } } });
    assert.equal(await readFile(files.committed, "utf8"), committed);
  });

  it("keeps the sandbox's own salt and secrets, at any depth", async () => {
    await writeFile(
      files.sandbox,
      "encryptionsalt: v1:own\nconfig: {small:key: {secure: v1:own}, small:group: {hidden: {secure: v1:deep}}, small:old: 1}\n",
    );
    await writeSandboxFile(files);
    assert.deepEqual(await read(files.sandbox), {
      encryptionsalt: "v1:own",
      config: {
        "small:size": 2,
        "small:group": { plain: 1, hidden: { secure: "v1:deep" } },
        "small:key": { secure: "v1:own" },
      },
    });
  });

  it("prefers a plain value that was committed since", async () => {
    await writeFile(files.sandbox, "config: {small:size: {secure: v1:own}}\n");
    await writeSandboxFile(files);
    assert.equal((await read(files.sandbox)).config["small:size"], 2);
  });

  it("fills in stand-ins only where nothing is committed", async () => {
    const config = await writeSandboxFile(files, { "small:size": "9", "small:zone": "Z1" });
    assert.deepEqual([config["small:size"], config["small:zone"]], [2, "Z1"]);
  });

  it("carries a plain change back and keeps comments and real secrets", async () => {
    const before = await writeSandboxFile(files);
    const changed = (await readFile(files.sandbox, "utf8")).replace("small:size: 2", "small:size: 3");
    await writeFile(files.sandbox, changed);
    assert.deepEqual(await carryBack(files, before), {
      committed: ["small:size"],
      kept: [],
      refused: [],
    });
    assert.equal(await readFile(files.committed, "utf8"), committed.replace("size: 2", "size: 3"));
  });

  it("carries a removal back", async () => {
    const before = await writeSandboxFile(files);
    await writeFile(files.sandbox, (await readFile(files.sandbox, "utf8")).replace("  small:size: 2\n", ""));
    await carryBack(files, before);
    assert.equal("small:size" in (await read(files.committed)).config, false);
  });

  it("keeps a new secret to itself", async () => {
    const before = await writeSandboxFile(files);
    await writeFile(
      files.sandbox,
      `${await readFile(files.sandbox, "utf8")}  small:token: { secure: v1:own }\n`,
    );
    assert.deepEqual(await carryBack(files, before), {
      committed: [],
      kept: ["small:token"],
      refused: [],
    });
    assert.equal(await readFile(files.committed, "utf8"), committed);
  });

  for (const [what, value] of [
    ["as it is", "hush"],
    ["within a group", "{ inner: hush, other: { secure: v1:own } }"],
  ] as const) {
    it(`holds back a secret in plain text ${what}, however it came into the file`, async () => {
      const before = await writeSandboxFile(files);
      await writeFile(files.sandbox, `${await readFile(files.sandbox, "utf8")}  small:token: ${value}\n`);
      assert.deepEqual(await carryBack(files, before, ["small:token"]), {
        committed: [],
        kept: [],
        refused: ["small:token"],
      });
      assert.equal(await readFile(files.committed, "utf8"), committed);
    });
  }

  it("names the file and the line when it is broken, and shows none of its values", async () => {
    await writeFile(files.committed, 'config:\n  small:key: "hush\n  small:size: 2\n');
    await assert.rejects(writeSandboxFile(files), (error: Error) => {
      assert.equal(error.name, "UserError");
      assert.match(error.message, /committed\.yaml is not YAML: .* at line \d+, column \d+\. Mend it/);
      assert.doesNotMatch(error.message, /hush|\n/);
      return true;
    });
  });
});
