import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { SmallProgram } from "./small-program.ts";

describe("npm run sandbox on the real engine", function () {
  this.timeout(60_000);
  let small: SmallProgram;
  before(async () => {
    small = await SmallProgram.make();
  });
  after(() => small.project.remove());

  const committed = (stack: string) =>
    readFile(join(small.project.directory, `Pulumi.${stack}.yaml`), "utf8");

  it("says what it is when nothing is asked of it", async () => {
    const { code, stdout } = await small.run("sandbox");
    assert.equal(code, 0);
    assert.match(stdout, /npm run sandbox -- <any pulumi command>/);
  });

  it("passes Pulumi's exit code and messages on", async () => {
    const { code, stderr } = await small.run("sandbox", "up", "--no-such-flag", "--stack", "one");
    assert.notEqual(code, 0);
    assert.match(stderr, /unknown flag: --no-such-flag/);
  });

  it("asks for a stack when none is selected, and remembers the selected one", async () => {
    const { code, stderr } = await small.run("sandbox", "preview");
    assert.equal(code, 1);
    assert.match(stderr, /No stack is selected\. Add --stack one/);
    assert.equal((await small.run("sandbox", "config", "--stack", "one")).code, 0);
    assert.equal((await small.run("sandbox", "stack", "select", "one")).code, 0);
    const preview = await small.run("sandbox", "preview");
    assert.equal(preview.code, 0, preview.stderr);
    assert.match(preview.stdout, /10 to create/);
  });

  it("writes a plain value into the committed file and keeps its comments", async () => {
    await small.run("sandbox", "config", "set", "retention", "9", "--stack", "one");
    assert.equal(await committed("one"), '# kept\nconfig:\n  small:retention: "9" # days\n');
  });

  it("keeps a secret in the sandbox, where the program reads it", async () => {
    const { stderr } = await small.run(
      "sandbox",
      "config",
      "set",
      "--secret",
      "token",
      "abc",
      "--stack",
      "one",
    );
    assert.match(stderr, /Kept in the sandbox, as secrets: small:token/);
    assert.doesNotMatch(await committed("one"), /token|secure|salt/);
    const read = await small.run("sandbox", "config", "get", "token", "--stack", "one");
    assert.equal(read.stdout.trim(), "abc");
  });

  it("copies one stack's configuration to another's file, its secrets to the sandbox alone", async () => {
    await small.project.write("Pulumi.three.yaml", "config:\n  small:own: mine\n");
    const copied = await small.run("sandbox", "config", "cp", "--dest", "three", "--stack", "one");
    assert.equal(copied.code, 0, copied.stderr);
    assert.match(copied.stderr, /Pulumi\.three\.yaml changed: small:retention\nKept .*: small:token\.\n/);
    assert.equal(await committed("three"), 'config:\n  small:own: mine\n  small:retention: "9"\n');
    const read = await small.run("sandbox", "config", "get", "token", "--stack", "three");
    assert.equal(read.stdout.trim(), "abc");
    assert.equal((await small.run("sandbox", "stack", "rm", "three", "--yes")).code, 0);
    await rm(join(small.project.directory, "Pulumi.three.yaml"));
  });

  it("does not let a command loose on a committed file", async () => {
    const before = await committed("one");
    for (const file of [
      "Pulumi.one.yaml",
      "./Pulumi.one.yaml",
      join(small.project.directory, "Pulumi.one.yaml"),
    ]) {
      const set = ["config", "set", "--secret", "token", "x", "--stack", "one", "--config-file", file];
      const { code, stderr } = await small.run("sandbox", ...set);
      assert.equal(code, 1);
      assert.match(stderr, /is a committed file, .*: leave out --config-file/);
    }
    assert.equal(await committed("one"), before);
  });

  it("makes and removes a stack without touching a committed file", async () => {
    const before = await committed("one");
    assert.equal((await small.run("sandbox", "stack", "init", "two")).code, 0);
    await assert.rejects(committed("two"), { code: "ENOENT" });
    assert.equal((await small.run("sandbox", "stack", "rm", "two", "--yes")).code, 0);
    assert.equal((await small.run("sandbox", "stack", "rm", "one", "--yes")).code, 0);
    assert.equal(await committed("one"), before);
  });

  it("does not let the user's account or backend through", async () => {
    process.env["PULUMI_BACKEND_URL"] = "s3://elsewhere";
    process.env["PULUMI_CONFIG_PASSPHRASE"] = "other";
    process.env["AWS_PROFILE"] = "real";
    try {
      const { code, stdout, stderr } = await small.run("sandbox", "whoami", "--verbose");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /file:\/\/.*\.sandbox\/state/);
      assert.equal((await small.run("sandbox", "config", "--stack", "one")).code, 0);
    } finally {
      for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "AWS_PROFILE"]) {
        Reflect.deleteProperty(process.env, name);
      }
    }
  });
});
