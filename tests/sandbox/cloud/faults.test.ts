import assert from "node:assert/strict";
import { parseFaults } from "../../../sandbox/cloud/faults.ts";
import { readCloud } from "../../../sandbox/cloud/store.ts";
import type { CloudEvent } from "../../../sandbox/cloud/server.ts";
import { startSandbox, types } from "./fixture.ts";
import type { Client } from "./fixture.ts";

const vpc = { cidrBlock: "10.0.0.0/16" };

async function withFault(
  fault: string,
  run: (aws: Client, file: string, died: () => boolean) => Promise<void>,
) {
  let dead = false;
  const sandbox = await startSandbox({ faults: [fault], onDie: () => (dead = true) });
  try {
    await run(sandbox.aws, sandbox.file, () => dead);
  } finally {
    await sandbox.end();
  }
}

describe("faults", () => {
  it("are read from their notation", () => {
    const notations = ["create:aws:ec2/vpc:Vpc#3=die", "delete:*=error", "read:*@a/b:c@d#2=timeout"];
    assert.deepEqual(parseFaults(notations, [types.vpc]), [
      { operation: "create", type: types.vpc, occurrence: 3, kind: "die" },
      { operation: "delete", type: "*", occurrence: 1, kind: "error" },
      { operation: "read", type: "*", name: "a/b:c@d", occurrence: 2, kind: "timeout" },
    ]);
  });

  it("that are none are listed with what is allowed, all at once", () => {
    assert.throws(
      () =>
        parseFaults(
          ["create", "mak:*=error", "create:*=eror", "create:*#0=error", "read:aws:ec2/vp:Vpc=die"],
          [types.vpc],
        ),
      {
        message: [
          "Not a fault:",
          "  create: it has not the form <operation>:<type or *>[@<name>][#k]=<kind>",
          '  mak:*=error: unknown operation "mak"; known are create, delete, read, update',
          '  create:*=eror: unknown kind "eror"; did you mean "error"?',
          '  create:*#0=error: "#0" is not a count from 1',
          '  read:aws:ec2/vp:Vpc=die: the stand-in cloud has no resource type "aws:ec2/vp:Vpc"; did you mean "aws:ec2/vpc:Vpc"?',
          "Allowed: <operation>:<type or *>[@<name>][#k]=<kind>; operations create, read, update, delete; kinds error, error-after, timeout, throttle, die; k counts the matching calls from 1.",
        ].join("\n"),
      },
    );
  });

  it("error: the k-th call fails once and makes nothing", () =>
    withFault("create:*#2=error", async (aws, file) => {
      await aws.create(types.vpc, "a", vpc);
      await assert.rejects(aws.create(types.vpc, "b", vpc), /InternalFailure/);
      assert.equal(readCloud(file).length, 1);
      await aws.create(types.vpc, "b", vpc);
    }));

  for (const operation of ["create", "read", "update", "delete"] as const)
    it(`with a name strike the ${operation} of that resource alone`, () =>
      withFault(`${operation}:*@b=error`, async (aws) => {
        const struck: string[] = [];
        for (const name of ["a", "bb", "b"]) {
          const attempt = <T>(what: string, running: Promise<T>): Promise<T | undefined> =>
            running.catch(() => void struck.push(`${what} ${name}`));
          const create = () => aws.create(types.vpc, name, vpc);
          const { id, state } = (await attempt("create", create())) ?? (await create());
          await attempt("read", aws.read(types.vpc, id, { inputs: vpc, state }));
          await attempt("update", aws.update(types.vpc, id, vpc, state));
          await attempt("delete", aws.delete(types.vpc, id, state));
        }
        assert.deepEqual(struck, [`${operation} b`]);
      }));

  it("error-after: it is made, the answer is lost", () =>
    withFault(`create:${types.vpc}=error-after`, async (aws, file) => {
      await assert.rejects(aws.create(types.vpc, "a", vpc), /the answer was lost/);
      assert.equal(readCloud(file).length, 1);
    }));

  it("timeout: it hangs, then fails", () =>
    withFault("create:*=timeout", async (aws, file) => {
      await assert.rejects(aws.create(types.vpc, "a", vpc), /timeout while waiting/);
      assert.deepEqual(readCloud(file), []);
    }));

  it("throttle: it takes longer", () =>
    withFault("create:*=throttle", async (aws, file) => {
      await aws.create(types.vpc, "a", vpc);
      assert.equal(readCloud(file).length, 1);
    }));

  it("die: everything ends once it is on disk", () =>
    withFault("create:*=die", async (aws, file, died) => {
      await aws.create(types.vpc, "a", vpc);
      assert.ok(died());
      assert.equal(readCloud(file).length, 1);
    }));

  it("strike updates, reads and deletions, too, and never a preview", () =>
    withFault("update:*=error", async (aws) => {
      const made = await aws.create(types.vpc, "a", vpc);
      await aws.update(types.vpc, made.id, vpc, made.state, "preview");
      await assert.rejects(aws.update(types.vpc, made.id, vpc, made.state), /injected fault/);
    }));

  it("show in the events", async () => {
    const events: CloudEvent[] = [];
    const sandbox = await startSandbox({
      faults: ["create:*=error"],
      onEvent: (event) => events.push(event),
    });
    await assert.rejects(sandbox.aws.create(types.vpc, "a", vpc));
    await sandbox.end();
    assert.deepEqual(
      events.map(({ provider, operation, type, error }) => [provider, operation, type, error !== undefined]),
      [
        ["aws", "check", types.vpc, false],
        ["aws", "create", types.vpc, true],
      ],
    );
    assert.ok(events.every(({ milliseconds }) => milliseconds >= 0 && milliseconds < 1000));
  });
});
