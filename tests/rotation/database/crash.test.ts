import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { databaseFailure } from "../../../rotation/database/failures.ts";
import { interruptedConnector, interruptedStore } from "../interruption.ts";
import type { Orders } from "./victim.ts";
import { steps } from "../steps.ts";
import { type Subject, type Users, World } from "./world.ts";

describe("rotation/database: dying anywhere", function () {
  this.timeout(180_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());

  /** How many calls to the outside a rotation makes. */
  async function countCalls(users: Users): Promise<string[]> {
    const subject = await world.subject(users);
    const calls: string[] = [];
    await interrupted(subject, users, world.secrets.begin(subject.secretId), (call) => calls.push(call));
    return calls;
  }

  async function interrupted(
    subject: Subject,
    users: Users,
    token: string,
    after: (call: string) => void,
  ): Promise<void> {
    for (const step of steps) {
      const strategy = world.strategy(users, interruptedConnector(world.connector(), after));
      await world.step(
        subject,
        token,
        step,
        strategy,
        interruptedStore(world.store(subject.secretId), after),
      );
    }
  }

  function roles(): Promise<Record<string, unknown>[]> {
    return world.sql("SELECT rolname, rolcanlogin FROM pg_roles ORDER BY 1");
  }

  /** After the retry everything is as after a rotation that nothing disturbed. */
  async function converged(subject: Subject, token: string, rolesBefore: unknown): Promise<void> {
    const stages = Object.entries(await world.secrets.stages(subject.secretId));
    const holders = stages.filter(([, labels]) => labels.includes("AWSCURRENT")).map(([id]) => id);
    assert.deepEqual(holders, [token]);
    assert.ok(stages.length <= 2, `a version is left over: ${JSON.stringify(stages)}`);
    assert.deepEqual(await world.sql("SELECT 1 AS one", await world.loginOf(subject)), [{ one: 1 }]);
    assert.deepEqual(await roles(), rolesBefore);
    const { password } = await world.loginOf(subject);
    assert.ok(!(await world.postgres.log()).includes(password), "the password stands in the server's log");
  }

  for (const users of ["alternating", "single"] as const) {
    it(`${users}: killed after any call, the next attempt ends the rotation`, async () => {
      const calls = await countCalls(users);
      assert.ok(calls.length > 20, calls.join(", "));
      for (let dieAfter = 0; dieAfter < calls.length; dieAfter += 1) {
        const subject = await world.subject(users);
        const before = await roles();
        const token = world.secrets.begin(subject.secretId);
        const said = await kill({ ...orders(world), secretId: subject.secretId, token, users, dieAfter });
        const current = await world.loginOf(subject);
        if (users === "alternating") {
          // Whoever reads the secret at this moment can work.
          assert.deepEqual(await world.sql("SELECT 1 AS one", current), [{ one: 1 }], calls[dieAfter - 1]);
        }
        await world.rotate(subject, users, token);
        await converged(subject, token, before);
        const { password } = await world.loginOf(subject);
        assert.ok(
          !said.includes(password) && !said.includes(current.password),
          "the output shows a password",
        );
      }
    });

    it(`${users}: with any answer lost on its way, the next attempt ends the rotation`, async () => {
      const calls = await countCalls(users);
      for (let lost = 1; lost <= calls.length; lost += 1) {
        const subject = await world.subject(users);
        const before = await roles();
        const token = world.secrets.begin(subject.secretId);
        let made = 0;
        await interrupted(subject, users, token, (call) => {
          made += 1;
          if (made === lost) throw databaseFailure({ code: "ECONNRESET" }, call);
        }).catch((error: unknown) => assert.equal((error as { code: string }).code, "unreachable"));
        await world.rotate(subject, users, token);
        await converged(subject, token, before);
      }
    });

    it(`${users}: two functions at once end one rotation`, async () => {
      const subject = await world.subject(users);
      const before = await roles();
      const token = world.secrets.begin(subject.secretId);
      await Promise.allSettled([world.rotate(subject, users, token), world.rotate(subject, users, token)]);
      await world.rotate(subject, users, token);
      await converged(subject, token, before);
    });
  }
});

function orders({ secrets, postgres }: World): Pick<Orders, "endpoint" | "ca" | "master"> {
  return {
    endpoint: secrets.endpoint,
    ca: postgres.ca,
    master: { username: "master", password: "master password" },
  };
}

/** Runs the victim until it has killed itself; what it said. */
async function kill(told: Orders): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "victim.ts"), JSON.stringify(told)]);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const signal = await new Promise((resolve) => child.once("close", (_code, ended) => resolve(ended)));
  assert.equal(signal, "SIGKILL", said);
  return said;
}
