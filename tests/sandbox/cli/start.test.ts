import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { takeLock } from "../../../sandbox/cli/lock.ts";
import { SmallProgram } from "./small-program.ts";

describe("npm start on the real engine", function () {
  this.timeout(120_000);
  let small: SmallProgram;
  beforeEach(async () => {
    small = await SmallProgram.make();
  });
  afterEach(() => small.project.remove());

  const outcome = /(?<=one: ).+(?= \()/;

  it("deploys, sums up, and changes nothing the second time", async () => {
    const committed = join(small.project.directory, "Pulumi.one.yaml");
    const before = await readFile(committed, "utf8");
    const first = await small.run("start");
    assert.equal(first.code, 0, first.stdout);
    assert.match(first.stdout, /✔ one: 10 created, 0 unchanged/);
    assert.match(first.stdout, /Resources\s+8 in 2 parts/);
    assert.match(first.stdout, /Network 5, other 3/);
    assert.match(first.stdout, /vpcId\s+vpc-[0-9a-f]{17}/);
    assert.match(first.stdout, /secretPassword\s+\[secret\]/);
    assert.match(first.stdout, /Policies\s+no policy pack/);
    assert.match(first.stdout, /npm run sandbox -- stack export --stack one/);

    const second = await small.run("start");
    assert.equal(outcome.exec(second.stdout)?.[0], "nothing changed, 10 resources as they were");

    const exported = await small.run("sandbox", "stack", "export", "--stack", "one");
    const { deployment } = JSON.parse(exported.stdout) as {
      deployment: { resources: Record<string, unknown>[] };
    };
    const subnet = deployment.resources.find(({ type }) => type === "aws:ec2/subnet:Subnet");
    assert.equal(await readFile(committed, "utf8"), before);
    for (const part of ["inputs", "outputs", "dependencies", "propertyDependencies"])
      assert.ok(subnet?.[part], part);
  });

  it("previews without changing anything", async () => {
    const { code, stdout } = await small.run("start", "--preview");
    assert.deepEqual([code, outcome.exec(stdout)?.[0]], [0, "10 to create, 0 unchanged"]);
    assert.deepEqual((await small.state.read("one"))?.resources, []);
  });

  it("shows a failure in full, exits 1, and goes on from there the next time", async () => {
    const failed = await small.run("start", "--fault", "create:aws:rds/instance:Instance=error");
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /✖ one: up failed, \d created/);
    assert.match(failed.stdout, /aws:rds\/instance:Instance database\n.*injected fault/);
    const next = await small.run("start");
    assert.equal(next.code, 0, next.stdout);
    assert.deepEqual(await small.differences(), []);
  });

  const interruptions = [
    { what: "while the last resource is made", fault: "create:aws:rds/instance:Instance=die" },
    { what: "while several resources are made at once", fault: "create:aws:ec2/subnet:Subnet#3=die" },
    { what: "at the first resource", fault: "create:aws:ec2/vpc:Vpc=die" },
  ];
  for (const { what, fault } of interruptions) {
    it(`converges in one run after a kill ${what}`, async () => {
      assert.equal((await small.run("start", "--fault", fault)).code, null);
      assert.notDeepEqual(await small.differences(), []);
      const { code, stdout, stderr } = await small.run("start");
      assert.equal(code, 0, stdout + stderr);
      assert.match(stderr, /one: released the lock of a command that was killed/);
      assert.match(stderr, /one: recorded .*, made before the interruption/);
      assert.deepEqual(await small.differences(), []);
    });
  }

  it("converges after a kill in the middle of updates and deletions", async () => {
    await small.run("start");
    await small.run("sandbox", "config", "set", "retention", "9", "--stack", "one");
    await small.run("start", "--fault", "update:aws:rds/instance:Instance=die");
    assert.equal((await small.run("start")).code, 0);
    assert.deepEqual(await small.differences(), []);
    await small.run("start", "--destroy", "--fault", "delete:aws:ec2/subnet:Subnet#2=die");
    const { code, stdout } = await small.run("start", "--destroy");
    assert.equal(code, 0, stdout);
    assert.deepEqual(await small.differences(), []);
  });

  it("removes what was made when only the answer was lost", async () => {
    await small.run("start", "--fault", "create:aws:secretsmanager/secret:Secret=error-after");
    assert.equal((await small.differences()).length, 1);
    const { code, stderr } = await small.run("start");
    assert.equal(code, 0);
    assert.match(stderr, /removed aws:secretsmanager\/secret:Secret .* from the cloud/);
    assert.deepEqual(await small.differences(), []);
  });

  it("converges when only npm start itself was killed, and leaves no process behind", async () => {
    const { child, ended } = small.begin("start", "--fault", "create:aws:ec2/subnet:Subnet=timeout");
    await small.untilMade(3, child);
    child.kill("SIGKILL");
    await ended;
    const { code, stdout, stderr } = await small.run("start");
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await small.differences(), []);
  });

  it("stops in order at the first interrupt", async () => {
    const { child, ended } = small.begin("start", "--fault", "create:aws:ec2/subnet:Subnet=timeout");
    await small.untilMade(3, child);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.equal(code, 130);
    assert.match(stdout, /Interrupted\. The next npm start puts the state right and goes on\./);
    assert.deepEqual(await small.differences(), []);
    assert.equal((await small.run("start")).code, 0);
  });

  it("refuses a second run at the same time", async () => {
    const lock = await takeLock(small.paths, "npm start");
    const second = await small.run("sandbox", "up", "--stack", "one", "--yes");
    await lock.release();
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      /^The sandbox .* is in use by "npm start" \(process \d+, started \d+ s ago\)\. .*\n$/,
    );
  });

  it("overwrites neither a broken state nor a broken cloud", async () => {
    await small.run("start");
    for (const [file, restored] of [
      [small.state.file("one"), /To go back to it: cp \S+ \S+/],
      [small.paths.cloud, /cp \S+cloud\.json\.bak \S+cloud\.json/],
    ] as const) {
      const whole = await readFile(file, "utf8");
      const broken = whole.slice(0, -30);
      await writeFile(file, broken);
      const { code, stderr, stdout } = await small.run("start");
      assert.equal(code, 1, stdout);
      assert.match(stderr, restored);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
      assert.equal(await readFile(file, "utf8"), broken);
      await writeFile(file, whole);
    }
    assert.equal((await small.run("start")).code, 0);
  });

  it("destroys a protected stack only after three steps", async () => {
    const set = (value: string) =>
      small.run("sandbox", "config", "set", "deletionProtection", value, "--stack", "one");
    await set("true");
    await small.run("start");
    const refused = await small.run("start", "--destroy");
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /Stack one is protected: Instance database/);
    await set("false");
    assert.match((await small.run("start", "--destroy")).stdout, /--stack one {3}\(done\)/);
    await small.run("start");
    const { code, stdout } = await small.run("start", "--destroy");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /✔ one: 10 deleted/);
  });

  it("names the stacks there are when another is asked for", async () => {
    const { code, stderr } = await small.run("start", "--stack", "two");
    assert.equal(code, 1);
    assert.match(stderr, /There is no stack "two": .* Stacks with a file: one\./);
  });

  it("says what is wrong with an option", async () => {
    assert.match((await small.run("start", "--stak", "one")).stderr, /unknown option '--stak'/);
    assert.match((await small.run("start", "--fault", "make:*=error")).stderr, /unknown operation "make"/);
  });
});
