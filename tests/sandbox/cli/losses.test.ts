import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prepare } from "../../../sandbox/cli/environment.ts";
import { refuseLostCloud, requireFolder } from "../../../sandbox/cli/losses.ts";
import { type Paths, sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { openSession } from "../../../sandbox/cli/session.ts";
import { StateFiles } from "../../../sandbox/cli/state.ts";

describe("a sandbox that has lost a part", () => {
  let directory: string;
  let paths: Paths;
  let state: StateFiles;
  const write = async (file: string, text: string) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const deployed = (stack: string, ...types: readonly string[]) => {
    const resources = types.map((type) => ({ urn: `u::${type}`, type, custom: true }));
    return write(state.file(stack), JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }));
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "losses-"));
    paths = sandboxPaths({ directory });
    state = new StateFiles(paths, "small");
  });
  afterEach(() => rm(directory, { recursive: true }));

  describe("its cloud", () => {
    it("names what is missing and the ways out", async () => {
      await deployed("production", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "random:index:RandomId");
      await deployed("staging", "aws:ec2/vpc:Vpc");
      await deployed("dr", "pulumi:pulumi:Stack");
      await assert.rejects(refuseLostCloud(paths, state), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, /cloud\.json, is missing, .* of production and staging has 3 resources/);
        assert.match(error.message, /Put it back\.$/m);
        assert.match(error.message, /refresh --yes --stack production\n.*refresh --yes --stack staging\n/);
        assert.match(error.message, /rm -r \S+, then npm start$/);
        return true;
      });
    });

    it("names the copy where there is one", async () => {
      await deployed("staging", "aws:ec2/vpc:Vpc");
      await write(`${paths.cloud}.bak`, "{}");
      await assert.rejects(refuseLostCloud(paths, state), /cp \S+cloud\.json\.bak \S+cloud\.json$/m);
    });

    it("is no loss where the cloud is there, or nothing was in it", async () => {
      await refuseLostCloud(paths, state);
      await deployed("staging", "pulumi:pulumi:Stack", "random:index:RandomId");
      await refuseLostCloud(paths, state);
      await deployed("staging", "aws:ec2/vpc:Vpc");
      await write(paths.cloud, "{}");
      await refuseLostCloud(paths, state);
    });
  });

  describe("its passphrase", () => {
    it("is made where nothing is encrypted yet, and kept", async () => {
      await prepare(paths);
      await deployed("staging");
      await prepare(paths);
    });

    it("is not made again where a state or a secret needs the old one", async () => {
      await prepare(paths);
      await rm(paths.passphrase);
      await deployed("staging");
      await assert.rejects(
        prepare(paths),
        /passphrase is missing, .* Put the file back, or begin anew .* rm -r /,
      );
      await rm(paths.state, { recursive: true });
      await write(join(paths.config, "Pulumi.staging.yaml"), "encryptionsalt: v1\n");
      await assert.rejects(prepare(paths), /passphrase is missing/);
      assert.equal((await readdir(directory)).includes("passphrase"), false);
    });
  });

  describe("its folder", () => {
    it("may be there or not", async () => {
      await requireFolder(paths);
      await requireFolder(sandboxPaths({ directory: join(directory, "new/deep") }));
    });

    it("is refused when a file is in its place, before anything is made", async () => {
      const file = join(directory, "file");
      await write(file, "mine");
      await assert.rejects(openSession({ directory: file, command: "test" }), {
        name: "UserError",
        message: /in \S+file, which is a file\. Nothing was changed\. MACRO_AI_SANDBOX must name a folder/,
      });
      await assert.rejects(requireFolder(sandboxPaths({ directory: join(file, "x") })), /lies below a file/);
      assert.deepEqual(await readdir(directory), ["file"]);
    });
  });
});
