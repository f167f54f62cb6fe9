import assert from "node:assert/strict";
import { setByHand } from "../../../operations/rotate/by-hand.ts";
import { readSecret } from "../../../operations/rotate/secrets.ts";
import { type Rotations, startRotations } from "./rotations.ts";

const path = "/macro-ai/production/";

describe("npm run rotate", function () {
  this.timeout(60_000);
  let rotations: Rotations;
  before(async () => {
    rotations = await startRotations();
  });
  after(() => rotations.stop());
  beforeEach(() => {
    rotations.fault = "none";
  });
  afterEach(() => rotations.idle());

  /** A secret of its own for each test: the last part of its name, and its value. */
  async function secret(value: Record<string, unknown> = { API_KEY: "hidden-key" }): Promise<string> {
    return (await rotations.create(`${path}keys-`, value)).slice(path.length);
  }
  const run = (args: readonly string[], options?: Parameters<Rotations["command"]>[1]) =>
    rotations.command(["--stack", "production", ...args], options);
  const versionOf = async (name: string) =>
    Object.entries(await rotations.secrets.stages(path + name)).find(([, labels]) =>
      labels.includes("AWSCURRENT"),
    )?.[0];

  it("starts a rotation, shows its steps, and ends when the new version is current", async () => {
    const name = await secret();
    const before = await versionOf(name);
    const { code, said } = await run(["--secret", name]);
    assert.equal(code, 0, said);
    const after = (await versionOf(name)) ?? "";
    assert.notEqual(after, before);
    assert.match(said, new RegExp(`begun, version ${after} is AWSPENDING`));
    const steps = [...said.matchAll(/✔ (\w+): done/g)].map(([, step]) => step);
    assert.deepEqual(steps, ["createSecret", "setSecret", "testSecret", "finishSecret"]);
    assert.match(said, new RegExp(`${path}${name}: succeeded: ${after} is AWSCURRENT\\.`));
    const value = JSON.parse((await rotations.secrets.value(path + name)) ?? "") as { API_KEY: string };
    assert.ok(!said.includes("hidden-key") && !said.includes(value.API_KEY), "a value is shown");
  });

  it("says what would happen and changes nothing with --dry-run", async () => {
    const name = await secret();
    const before = [await rotations.secrets.stages(path + name), rotations.begun];
    const { code, said } = await run(["--secret", path + name, "--dry-run"]);
    assert.equal(code, 0, said);
    assert.match(said, new RegExp(`current version +${(await versionOf(name)) ?? ""}, made 20`));
    for (const line of [
      /would begin +a new version, AWSPENDING until it works/,
      /function +rotate-keys\n/,
      /schedule +every 180 days, within 2h\n/,
      /last rotated +2026-01-02T00:00:00\.000Z\n/,
      /due +2026-07-01T00:00:00\.000Z\n/,
      /Nothing was changed\.\n/,
    ])
      assert.match(said, line);
    assert.deepEqual([await rotations.secrets.stages(path + name), rotations.begun], before);
  });

  it("ends with what to do next when a step fails; the next call takes the same rotation up and ends it", async () => {
    const name = await secret();
    const before = await versionOf(name);
    rotations.fault = "wrong shape";
    const failed = await run(["--secret", name]);
    assert.equal(failed.code, 1);
    assert.match(failed.said, /✖ createSecret: wrong-shape/);
    assert.match(
      failed.said,
      /failed at createSecret: wrong-shape: it lacks API_KEY\. Write the value in the shape that the error names/,
    );
    assert.ok(
      failed.said.includes(
        `AWSCURRENT is still ${before ?? ""}. Mend the cause, then: npm run rotate -- --stack production --secret ${name}`,
      ),
    );
    const version = /version (\S+) is AWSPENDING/.exec(failed.said)?.[1] ?? "";

    const status = await run(["--status", "--json"]);
    const rows = JSON.parse(status.said) as { secret: string; lastResult: string }[];
    assert.equal(
      rows.find((row) => row.secret === path + name)?.lastResult,
      "failed at createSecret: wrong-shape",
    );

    const plan = await run(["--secret", name, "--dry-run"]);
    assert.match(plan.said, new RegExp(`Secrets Manager would take up the rotation of ${version}`));
    rotations.fault = "none";
    const again = await run(["--secret", name]);
    assert.equal(again.code, 0, again.said);
    assert.match(again.said, new RegExp(`takes it up again, version ${version}\\.`));
    assert.doesNotMatch(again.said, /✖/);
    assert.equal(await versionOf(name), version);
  });

  it("goes on after a failure that passes by itself", async () => {
    const name = await secret();
    rotations.fault = "busy once";
    const { code, said } = await run(["--secret", name]);
    assert.equal(code, 0, said);
    assert.match(said, /✖ createSecret: busy.*\n.*✔ createSecret: done/);
  });

  it("tells that a rotation was abandoned: overtaken by another version", async () => {
    const name = await secret();
    rotations.fault = "overtaken";
    const { code, said } = await run(["--secret", name]);
    assert.equal(code, 1);
    assert.match(said, /abandoned: AWSPENDING was taken from its version: somebody wrote to the secret\./);
    assert.match(said, /npm run rotate -- --stack production --status/);
  });

  it("stops at the time limit, and says that the rotation goes on", async () => {
    const name = await secret();
    rotations.fault = "silent";
    const { code, said } = await run(["--secret", name, "--time-limit", "0.01"]);
    assert.equal(code, 1);
    assert.match(
      said,
      /not over yet \(no step seen\): the time limit was reached, and the rotation goes on at AWS\./,
    );
    assert.match(said, /aws logs tail rotation-0123456 --since 1h/);
  });

  it("says at Ctrl-C that the rotation goes on, and how to look at it", async () => {
    const name = await secret();
    rotations.fault = "silent";
    const { code, said } = await run(["--secret", name], { interruptAt: /AWSPENDING/ });
    assert.equal(code, 130);
    assert.match(said, /The rotation goes on at AWS \(no step seen\); only this command has ended\./);
    assert.match(said, /See how it stands: npm run rotate -- --stack production --status/);
  });

  it("shows every secret of the stack with --status, and no other's", async () => {
    const [rotated, byHand] = [await secret(), await secret({ REDIS_URL: "rediss://:hidden@host" })];
    rotations.secrets.turnRotationOff(path + byHand);
    const other = await rotations.create("/macro-ai/staging/keys-", { API_KEY: "hidden" });
    const { code, said } = await run(["--status"]);
    assert.equal(code, 0, said);
    const row = (name: string) =>
      said
        .split("\n")
        .find((line) => line.includes(name))
        ?.split("│")
        .slice(1, -1)
        .map((cell) => cell.trim());
    assert.deepEqual(row(rotated), [
      rotated,
      "0",
      "2026-07-01, overdue",
      "succeeded 2026-01-02",
      "every 180 days, within 2h",
      "rotate-keys",
    ]);
    assert.deepEqual(row(byHand), [byHand, "0", "-", "no rotation", "-", "-"]);
    assert.ok(!said.includes(other.slice("/macro-ai/staging/".length)) && !said.includes("hidden"));
  });

  it("names the secrets that there are when the one meant is not among them", async () => {
    const name = await secret();
    const { code, said } = await run(["--secret", `${name}x`]);
    assert.equal(code, 1);
    assert.match(
      said,
      new RegExp(
        `there is no ${path}${name}x in us-east-1; there are .*${name}.*Did you mean --secret ${name}\\?`,
      ),
    );
  });

  it("refuses to rotate what has no rotation, and says how it is renewed", async () => {
    const name = await secret();
    rotations.secrets.turnRotationOff(path + name);
    const { code, said } = await run(["--secret", name]);
    assert.equal(code, 1);
    assert.match(
      said,
      new RegExp(
        `has no rotation\\. Renew it .*: npm run rotate -- --stack production --secret ${name} --set <field>`,
      ),
    );
  });

  describe("--set", () => {
    const changed = "sk-the-new-one";

    it("writes one field from standard input and notes the day; the value is not shown", async () => {
      const name = await secret({
        OPENAI_API_KEY: "sk-old",
        OTHER: "kept",
        CHANGED_BY_HAND: { OTHER: "2026" },
      });
      const { code, said } = await run(["--secret", name, "--set", "OPENAI_API_KEY"], {
        input: `${changed}\n`,
      });
      assert.equal(code, 0, said);
      const value = JSON.parse((await rotations.secrets.value(path + name)) ?? "") as Record<string, unknown>;
      const notes = value["CHANGED_BY_HAND"] as Record<string, string>;
      assert.deepEqual([value["OPENAI_API_KEY"], value["OTHER"], notes["OTHER"]], [changed, "kept", "2026"]);
      assert.ok(Math.abs(Date.parse(notes["OPENAI_API_KEY"] ?? "") - Date.now()) < 60_000);
      assert.ok(said.includes((await versionOf(name)) ?? "none") && !said.includes(changed));
    });

    const refusals: [string, Record<string, unknown>, string, string, RegExp][] = [
      ["a field that is not there", { A: "x" }, "B", "y", /no such field; it has A\./],
      ["the same value", { A: "x" }, "A", "x", /is the one that it has/],
      ["nothing", { A: "x" }, "A", "", /is not one line of text/],
      [
        "a URL that is none",
        { A: "rediss://:hidden@h" },
        "A",
        "redis://h",
        /begins with rediss:\/\/ as the old one/,
      ],
      ["a key of a ring", { A: "x", A_RING: {} }, "A", "y", /has a ring beside it\. Rotate it instead/],
      ["a part of a login", { DB_PASSWORD: "x" }, "DB_PASSWORD", "y", /several fields that must agree/],
    ];
    for (const [what, value, field, input, message] of refusals) {
      it(`refuses ${what}, and writes nothing`, async () => {
        const name = path + (await secret(value));
        const before = await rotations.secrets.stages(name);
        const { client } = rotations.secrets;
        await assert.rejects(
          setByHand(client, await readSecret(client, name), field, input),
          (error: Error) => message.test(error.message) && !error.message.includes("hidden"),
        );
        assert.deepEqual(await rotations.secrets.stages(name), before);
      });
    }

    it("does not write in the middle of a rotation", async () => {
      const name = await secret();
      rotations.secrets.begin(path + name);
      const { code, said } = await run(["--secret", name, "--set", "API_KEY"], { input: "x" });
      assert.equal(code, 1);
      assert.match(said, /is being rotated: a value written now would end that/);
    });

    it("writes nothing with --dry-run", async () => {
      const name = await secret();
      const { code, said } = await run(["--secret", name, "--set", "API_KEY", "--dry-run"], { input: "x" });
      assert.equal(code, 0);
      assert.match(said, /API_KEY would get the value on standard input.*Nothing was changed\./);
      assert.match((await rotations.secrets.value(path + name)) ?? "", /hidden-key/);
    });
  });
});
