import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readMoveOptions } from "../../scripts/delivery/move-state/options.ts";
import { moveState, type Move } from "../../scripts/delivery/move-state/move.ts";
import { type Cli, openCli } from "../../scripts/delivery/lib/cli.ts";
import { checkout, Project, succeeded } from "../engine/harness.ts";
import { moto } from "../rotation/servers/moto.ts";
import { stopServer } from "../rotation/servers/programs.ts";

const planted = "planted-secret-0123456789";
const program = `
  const secret = new pulumi.Config().requireSecret("planted");
  class Holder extends pulumi.ComponentResource {
    constructor() {
      super("test:index:Holder", "holder", { secret });
    }
  }
  new Holder();
  new aws.cloudwatch.EventRule("rule", { scheduleExpression: "rate(1 day)" });
`;

describe("npm run move-state", function () {
  this.timeout(300_000);
  let project: Project;
  let source: Cli;
  let server: { child: ChildProcess; port: number };
  let api: string;
  let aws: Record<string, string>;
  let key: string;
  let config: string;
  let to: string;
  const from = (): string => pathToFileURL(project.paths.state).href;
  const move = async (more: Partial<Move> = {}): Promise<string[]> => {
    const said: string[] = [];
    const target = await source.elsewhere({ env: { ...aws, PULUMI_BACKEND_URL: to } });
    const secretsProvider = `awskms:///${key}?region=us-east-1&context_stack=one`;
    const say = (line: string): void => void said.push(line);
    await moveState({ stack: "one", source, target, from: from(), to, secretsProvider, say, ...more });
    return said;
  };
  const authorization = (service: string): string =>
    `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  /** The state as it lies in the bucket. */
  const stored = async (): Promise<string> => {
    const address = `${api}/state/.pulumi/stacks/small/one.json`;
    const response = await fetch(address, { headers: { authorization: authorization("s3") } });
    assert.equal(response.status, 200);
    return response.text();
  };
  const call = async (service: string, target: string, body: object): Promise<Record<string, unknown>> => {
    const headers = {
      "x-amz-target": target,
      "content-type": "application/x-amz-json-1.1",
      authorization: authorization(service),
    };
    const response = await fetch(api, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };

  before(async () => {
    project = await Project.small(program, "ungated");
    succeeded(await project.sandbox("config", "set", "--secret", "planted", planted, "--stack", "one"));
    succeeded(await project.sandbox("up", "--yes", "--skip-preview", "--stack", "one"));
    server = await moto();
    api = `http://127.0.0.1:${server.port}`;
    aws = {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_KMS: api,
    };
    assert.equal((await fetch(`${api}/state`, { method: "PUT" })).status, 200);
    const made = (await call("kms", "TrentService.CreateKey", {})) as { KeyMetadata: { Arn: string } };
    key = made.KeyMetadata.Arn;
    to = `s3://state?region=us-east-1&endpoint=${api}&s3ForcePathStyle=true`;
    const opened = await openCli({
      place: "sandbox",
      stack: "one",
      command: "npm test",
      project: project.directory,
      directory: project.paths.directory,
    });
    // As outside the sandbox: the stack's file lies in the project, secrets and all.
    config = join(project.directory, "Pulumi.one.yaml");
    await copyFile(join(project.paths.config, "Pulumi.one.yaml"), config);
    source = await opened.elsewhere({ env: { PULUMI_OPTION_CONFIG_FILE: config } });
  });
  after(async () => {
    await source.close();
    await stopServer(server.child);
    await project.remove();
  });

  it("goes on where an interrupted move stopped, here after the import", async () => {
    const target = await source.elsewhere({ env: { ...aws, PULUMI_BACKEND_URL: to } });
    let calls = 0;
    const killed: Cli = {
      ...target,
      read: (args) =>
        args.includes("change-secrets-provider") && (calls += 1) === 1
          ? Promise.reject(new Error("killed"))
          : target.read(args),
    };
    await assert.rejects(move({ target: killed }), /killed/);
    const said = await move();
    assert.ok(said.includes(`one: is in ${to} already`), said.join("\n"));
    assert.match(said.join("\n"), /a preview in .* must show no change$/);
  });

  it("leaves the old state as it was, and the new one encrypted by the key in the stack's name", async () => {
    const old = await project.stateText("one");
    assert.match(old, /"type":"passphrase"/);
    const kept = await stored();
    assert.match(kept, /awskms:\/\/\/.*context_stack=one/);
    assert.ok(!kept.includes(planted) && kept.includes("rule"));
    const text = await readFile(config, "utf8");
    assert.ok(!text.includes(planted) && text.includes("secure: "));
    const wrapped = /encryptedkey: (\S+)/.exec(text)?.[1] ?? "";
    assert.match(await readFile(`${config}.before-move`, "utf8"), /encryptionsalt/);
    const decrypt = (EncryptionContext: object) =>
      call("kms", "TrentService.Decrypt", { CiphertextBlob: wrapped, EncryptionContext });
    assert.deepEqual(Object.keys(await decrypt({ stack: "one" })).sort(), ["KeyId", "Plaintext"]);
    assert.ok(!("Plaintext" in (await decrypt({ stack: "two" }))), "another stack's name decrypts it");
  });

  it("does nothing when it is done, and says so", async () => {
    const before = await stored();
    const said = await move();
    assert.deepEqual(said.slice(1), [
      `one: is in ${to} already`,
      `one: a preview in ${to} must show no change`,
    ]);
    assert.equal(await stored(), before);
  });

  describe("to a passphrase", () => {
    let byKey: string;
    before(async () => {
      await project.program(program);
      byKey = await readFile(config, "utf8");
    });
    const backend = async (name: string): Promise<string> => {
      const folder = join(project.directory, name);
      await mkdir(folder);
      return pathToFileURL(folder).href;
    };
    const shown = async (cli: Cli) => cli.read(["stack", "export", "--show-secrets", "--stack", "one"]);

    it("encrypts by the given one, not by the empty one", async () => {
      const next = await backend("by-passphrase");
      const by = (PULUMI_CONFIG_PASSPHRASE: string, PULUMI_BACKEND_URL: string): Promise<Cli> =>
        source.elsewhere({ env: { ...aws, PULUMI_CONFIG_PASSPHRASE, PULUMI_BACKEND_URL } });
      const passphrase = "the right passphrase";
      const target = await by(passphrase, next);
      const said = await move({
        source: await by("not of this state", to),
        target,
        from: to,
        to: next,
        secretsProvider: "passphrase",
        passphrase,
      });
      assert.match(said.join("\n"), /one: secrets are encrypted by passphrase/);
      const right = await shown(target);
      assert.ok(right.stdout.includes(planted), right.stderr);
      assert.match((await shown(await by("", next))).stderr, /incorrect passphrase/);
      assert.match(await readFile(config, "utf8"), /encryptionsalt/);
    });

    it("encrypts by the given one where a move was killed between the stack's file and the state", async () => {
      const next = await backend("killed");
      const passphrase = "the right passphrase";
      const env = { ...aws, PULUMI_CONFIG_PASSPHRASE: passphrase };
      const from = await source.elsewhere({ env: { ...env, PULUMI_BACKEND_URL: to } });
      const target = await source.elsewhere({ env: { ...env, PULUMI_BACKEND_URL: next } });
      const rewritten = await readFile(config, "utf8");
      await writeFile(config, byKey);
      const killed: Cli = {
        ...target,
        read: (args) =>
          args.includes("change-secrets-provider") ? Promise.reject(new Error("killed")) : target.read(args),
      };
      const given = { source: from, from: to, to: next, secretsProvider: "passphrase", passphrase };
      await assert.rejects(move({ ...given, target: killed }), /killed/);
      await writeFile(config, rewritten);
      await move({ ...given, target });
      const right = await shown(target);
      assert.ok(right.stdout.includes(planted), right.stderr);
    });

    it("keeps the one that the secrets have already", async () => {
      const before = await readFile(join(project.paths.config, "Pulumi.one.yaml"), "utf8");
      await writeFile(config, before);
      const next = await backend("same-passphrase");
      const target = await source.elsewhere({ env: { PULUMI_BACKEND_URL: next } });
      await move({ target, to: next, secretsProvider: "passphrase", passphrase: "is not needed" });
      const right = await shown(target);
      assert.ok(right.stdout.includes(planted), right.stderr);
      const empty = await target.elsewhere({ env: { PULUMI_CONFIG_PASSPHRASE: "" } });
      assert.match((await shown(empty)).stderr, /incorrect passphrase/);
      assert.equal(await readFile(config, "utf8"), before);
    });
  });

  it("leaves nothing behind where the new place cannot be read", async () => {
    const kept = `${config}.before-move`;
    await rm(kept);
    const nowhere = pathToFileURL(join(project.directory, "missing")).href;
    const target = await source.elsewhere({ env: { PULUMI_BACKEND_URL: nowhere } });
    await assert.rejects(
      move({ target, to: nowhere }),
      /The states in file:.*\/missing cannot be read: [^]*Is there such a folder\?/,
    );
    await assert.rejects(stat(kept), /ENOENT/);
  });

  it("fails when a preview in the new place shows a change", async () => {
    await project.program(`new aws.cloudwatch.EventRule("rule", { scheduleExpression: "rate(2 days)" });`);
    await assert.rejects(
      move(),
      /The preview in s3:.* shows changes or fails:[\s\S]*still lies there, unchanged/,
    );
  });

  it("never overwrites another state", async () => {
    const read = source.read.bind(source);
    const other: Cli = {
      ...source,
      read: async (args) => {
        const { stdout, ...rest } = await read(args);
        return { ...rest, stdout: stdout.replaceAll("::rule", "::elsewhere") };
      },
    };
    await assert.rejects(
      move({ source: other }),
      /has another state of one, with \d resources; they differ in .*Nothing was changed/,
    );
  });

  it("refuses a state whose update was interrupted, and a stack that is not there", async () => {
    const pending: Cli = {
      ...source,
      read: () =>
        Promise.resolve({
          code: 0,
          stderr: "",
          stdout: JSON.stringify({ deployment: { pending_operations: [{ type: "creating" }] } }),
        }),
    };
    await assert.rejects(
      move({ source: pending }),
      /interrupted: 1 operation\(s\) are pending.*pulumi refresh/,
    );
    const none: Cli = {
      ...source,
      read: () => Promise.resolve({ code: 255, stdout: "", stderr: "error: no stack named 'one' found" }),
    };
    await assert.rejects(move({ source: none }), /There is no stack "one" in file:/);
  });

  it("tells everything that is wrong with its options at once", () => {
    const args = ["--stack", "a b", "--to", "bucket", "--from", "file:///tmp/x", "--secrets-provider", "kms"];
    assert.throws(() => readMoveOptions(args, {}), {
      message: [
        "Nothing was changed:",
        '  - --stack is "a b"; give the name of a stack: pulumi stack ls',
        '  - --to is "bucket"; give the new backend: s3://..., file://..., gs://... or azblob://...',
        '  - --secrets-provider is "kms"; give passphrase, awskms://..., gcpkms://..., azurekeyvault://... or hashivault://...',
        "  - PULUMI_CONFIG_PASSPHRASE is not set; a state in a folder is encrypted by a passphrase (the bootstrap's by an empty one: PULUMI_CONFIG_PASSPHRASE= npm run move-state ...)",
        "See: npm run move-state -- --help",
      ].join("\n"),
    });
    const env = { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_BACKEND_URL: "file:///tmp/x" };
    assert.equal(readMoveOptions(["--stack", "one", "--to", "s3://bucket"], env)?.from, "file:///tmp/x");
    const byPassphrase = ["--stack", "one", "--to", "file:///tmp/y", "--secrets-provider", "passphrase"];
    const bucket = { PULUMI_BACKEND_URL: "s3://bucket" };
    assert.throws(() => readMoveOptions(byPassphrase, bucket), /PASSPHRASE is not set; it is what encrypts/);
    const blank = { ...bucket, PULUMI_CONFIG_PASSPHRASE: "a " };
    assert.throws(() => readMoveOptions(byPassphrase, blank), /begins or ends with a blank/);
    const inFile = { ...bucket, PULUMI_CONFIG_PASSPHRASE_FILE: join(checkout, "Pulumi.yaml") };
    assert.match(readMoveOptions(byPassphrase, inFile)?.passphrase ?? "", /^name: macro-ai\n/);
    const noFile = { ...bucket, PULUMI_CONFIG_PASSPHRASE_FILE: "/missing" };
    assert.throws(() => readMoveOptions(byPassphrase, noFile), /FILE is "\/missing", which cannot be read/);
    const ofBootstrap = ["--project", "bootstrap", "--stack", "account", "--to", "s3://bucket"];
    assert.equal(readMoveOptions(ofBootstrap, env)?.project, join(checkout, "bootstrap"));
  });
});
