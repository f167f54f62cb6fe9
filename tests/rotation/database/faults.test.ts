import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { alternating } from "../../../rotation/database/alternating.ts";
import { type Connector, connector } from "../../../rotation/database/connection.ts";
import { databaseFailure } from "../../../rotation/database/failures.ts";
import { parseDatabaseSecret, withLogin } from "../../../rotation/database/secret.ts";
import { singleUser } from "../../../rotation/database/single-user.ts";
import { deadline } from "../../../rotation/deadline.ts";
import type { Failure } from "../../../rotation/errors.ts";
import { listen } from "../servers/programs.ts";
import { steps } from "../steps.ts";
import { type Subject, type Users, World } from "./world.ts";

describe("rotation/database: faults", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());
  afterEach(() => {
    world.secrets.interfere = (_operation, forward) => forward();
  });

  const run = (subject: Subject, token: string, step: string, users: Users = "alternating") =>
    world.step(subject, token, step, world.strategy(users));

  /** The step fails with this code, and neither a value nor the secret's versions' values have changed. */
  async function refuses(
    code: Failure,
    work: Promise<unknown>,
    hidden: readonly string[] = [],
  ): Promise<void> {
    await assert.rejects(work, (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, new RegExp(`^${code}: `));
      for (const value of hidden) assert.ok(!error.message.includes(value), "the error shows a value");
      assert.equal(error.cause, undefined);
      return true;
    });
  }

  const verifiers = (subject: Subject) =>
    world.sql(
      `SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY('{${subject.logins.join(",")}}') ORDER BY 1`,
    );

  for (const users of ["alternating", "single"] as const) {
    it(`1, ${users}: after a crash between ALTER and finish, the password is not set again`, async () => {
      const subject = await world.subject(users);
      const token = world.secrets.begin(subject.secretId);
      await run(subject, token, "createSecret", users);
      await run(subject, token, "setSecret", users);
      const set = await verifiers(subject);
      await world.rotate(subject, users, token);
      assert.deepEqual(await verifiers(subject), set);
    });

    it(`2, ${users}: after a crash between Put and ALTER, the same password is used`, async () => {
      const subject = await world.subject(users);
      const token = world.secrets.begin(subject.secretId);
      await run(subject, token, "createSecret", users);
      const { password } = await world.loginOf(subject, "AWSPENDING");
      await world.rotate(subject, users, token);
      assert.equal((await world.loginOf(subject)).password, password);
    });
  }

  it("3: AWSPENDING on another version is refused, and nothing is written", async () => {
    const subject = await world.subject("alternating");
    const before = [await world.secrets.stages(subject.secretId), await verifiers(subject)];
    for (const step of steps) {
      await refuses("token-not-staged", run(subject, randomUUID(), step));
    }
    assert.deepEqual([await world.secrets.stages(subject.secretId), await verifiers(subject)], before);
  });

  it("3: AWSPENDING on an empty version is never made current", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    const current = await world.secrets.value(subject.secretId);
    await refuses("no-pending-value", run(subject, token, "setSecret"));
    await refuses("no-pending-value", run(subject, token, "finishSecret"));
    assert.equal(await world.secrets.value(subject.secretId), current);
  });

  for (const users of ["alternating", "single"] as const)
    it(`3, ${users}: a password that was never set is never made current`, async () => {
      const subject = await world.subject(users);
      const token = world.secrets.begin(subject.secretId);
      const current = await world.secrets.value(subject.secretId);
      const step = (name: string) => world.step(subject, token, name, world.strategy(users));
      await step("createSecret");
      await refuses("not-working", step("finishSecret"));
      assert.equal(await world.secrets.value(subject.secretId), current);
    });

  it("4: nothing happens while rotation is off", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    world.secrets.turnRotationOff(subject.secretId);
    await refuses("rotation-disabled", run(subject, token, "createSecret"));
    assert.equal(await world.secrets.value(subject.secretId, "AWSPENDING"), undefined);
  });

  it("5: a token that is current already succeeds without touching the database", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await world.rotate(subject, "alternating", token);
    const unreachable = alternating(
      connector(deadline(10_000), "no authority"),
      () => Promise.reject(new Error("asked for the master user")),
      "verifier",
    );
    for (const step of steps) {
      assert.equal(await world.step(subject, token, step, unreachable), "done before");
    }
  });

  it("6: a value written by hand in the middle of a rotation stops it and stays", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    const byHand = JSON.stringify({ by: "hand" });
    const put = {
      SecretId: subject.secretId,
      SecretString: byHand,
      VersionStages: ["AWSCURRENT", "AWSPENDING"],
    };
    await world.secrets.client.send(new PutSecretValueCommand({ ...put, ClientRequestToken: randomUUID() }));
    await refuses("token-not-staged", run(subject, token, "setSecret"));
    assert.equal(await world.secrets.value(subject.secretId), byHand);
  });

  it("7: a version that is not readable at once is waited for", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    let reads = 0;
    world.secrets.interfere = (operation, forward) =>
      operation === "GetSecretValue" && (reads += 1) <= 2
        ? Promise.resolve({ status: 400, body: '{"__type":"ResourceNotFoundException","message":"no"}' })
        : forward();
    await run(subject, token, "setSecret");
    assert.ok(reads > 2);
  });

  it("8: testSecret alone passes on a version without a value, and tests the current one", async () => {
    const subject = await world.subject("alternating");
    assert.equal(await run(subject, world.secrets.begin(subject.secretId), "testSecret"), "done");
    const [login = ""] = subject.logins;
    await world.sql(`ALTER ROLE ${pg.escapeIdentifier(login)} PASSWORD 'another'`);
    await refuses("not-working", run(subject, world.secrets.begin(subject.secretId), "testSecret"));
  });

  for (const users of ["alternating", "single"] as const) {
    it(`9, ${users}: when the database takes neither password, nothing is changed`, async () => {
      const subject = await world.subject(users);
      const token = world.secrets.begin(subject.secretId);
      await run(subject, token, "createSecret", users);
      const [login = ""] = subject.logins;
      await world.sql(`ALTER ROLE ${pg.escapeIdentifier(login)} PASSWORD 'set by hand'`);
      const before = await verifiers(subject);
      const { password } = await world.loginOf(subject, "AWSPENDING");
      await refuses("credentials-rejected", run(subject, token, "setSecret", users), [password]);
      assert.deepEqual(await verifiers(subject), before);
    });
  }

  it("9, single: the previous password is tried where the current one is refused", async () => {
    const subject = await world.subject("single");
    const { password } = await world.loginOf(subject);
    await world.rotate(subject, "single");
    const [login = ""] = subject.logins;
    await world.sql(`ALTER ROLE ${pg.escapeIdentifier(login)} PASSWORD ${pg.escapeLiteral(password)}`);
    await world.rotate(subject, "single");
    assert.deepEqual(await world.sql("SELECT 1 AS one", await world.loginOf(subject)), [{ one: 1 }]);
  });

  it("9: a master user who may set no passwords is told apart", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    const weak = await world.subject("single");
    const login = await world.loginOf(weak);
    const strategy = alternating(world.connector(), () => Promise.resolve(login), "verifier");
    await refuses("permission-denied", world.step(subject, token, "setSecret", strategy));
  });

  it("9: a login that was never made is told apart", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    await world.sql(`DROP ROLE ${pg.escapeIdentifier(subject.logins[1] ?? "")}`);
    await refuses("role-missing", run(subject, token, "setSecret"));
  });

  it("10: a password that was set although the server answered with an error counts", async () => {
    const subject = await world.subject("single");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret", "single");
    const real = world.connector();
    const strategy = world.strategy("single", {
      ...real,
      session: (login, work) =>
        real.session(login, (session) =>
          work({
            query: async (doing, sql, values) => {
              const rows = await session.query(doing, sql, values);
              if (sql.startsWith("ALTER")) throw new Error("the answer was lost");
              return rows;
            },
          }),
        ),
    });
    assert.equal(await world.step(subject, token, "setSecret", strategy), "done");
  });

  it("10: a server that refuses verifiers (Neon) is left as it was, and takes the password in plain", async () => {
    const subject = await world.subject("single");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret", "single");
    const before = await verifiers(subject);
    const real = world.connector();
    const neon: Connector = {
      ...real,
      session: (login, work) =>
        real.session(login, (session) =>
          work({
            query: async (doing, sql, values) => {
              if (sql.includes("SCRAM-SHA-256$"))
                throw databaseFailure({ code: "0A000", message: sql }, doing);
              return session.query(doing, sql, values);
            },
          }),
        ),
    };
    const { password } = await world.loginOf(subject, "AWSPENDING");
    await refuses("failed", world.step(subject, token, "setSecret", singleUser(neon, "verifier")), [
      password,
    ]);
    assert.deepEqual(await verifiers(subject), before);
    for (const step of steps) await world.step(subject, token, step, singleUser(neon, "plaintext"));
    assert.deepEqual(await world.sql("SELECT 1 AS one", { ...(await world.loginOf(subject)), password }), [
      { one: 1 },
    ]);
  });

  it("11: a password with / @ : % # ? breaks a URL as it is; in the secret's URL it logs in", async () => {
    const password = "a/b@c:d%e#f?g";
    const subject = await world.subject("single", { password });
    const query = async (connectionString: string): Promise<unknown> => {
      const client = new pg.Client({ connectionString, ssl: { ca: world.postgres.ca } });
      client.on("error", () => undefined);
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>("SELECT 1 AS one");
      await client.end();
      return rows;
    };
    const [login = ""] = subject.logins;
    const at = `localhost:${world.postgres.port}/postgres`;
    await assert.rejects(async () => query(`postgresql://${login}:${password}@${at}`));
    const value = parseDatabaseSecret((await world.secrets.value(subject.secretId)) ?? "");
    const next = withLogin(value, login, password);
    const url = new URL(String(next.fields["RELATIONAL_DATABASE_URL"]));
    url.host = new URL(`postgresql://${at}`).host;
    url.search = "";
    assert.deepEqual(await query(url.href), [{ one: 1 }]);
  });

  it("12: an unknown authority, a wrong name and a server without TLS are three errors, and nothing crosses in plain", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    const none = () => Promise.reject(new Error("asked for the master user"));
    const distrustful = alternating(connector(deadline(10_000), undefined), none, "verifier");
    await refuses("tls-untrusted", world.step(subject, token, "setSecret", distrustful));

    const elsewhere = async (host: string, port: number): Promise<[Subject, string]> => {
      const value = world.value(subject.logins[0] ?? "", "x");
      const secretId = await world.secrets.create({ ...value, host, port: String(port) });
      const moved = { ...subject, secretId };
      const other = world.secrets.begin(secretId);
      await run(moved, other, "createSecret");
      return [moved, other];
    };
    const [byAddress, first] = await elsewhere("127.0.0.1", world.postgres.port);
    await refuses("tls-wrong-host", run(byAddress, first, "setSecret"));

    const heard: Buffer[] = [];
    const plain = await answering((socket) => {
      socket.on("data", (chunk: Buffer) => {
        heard.push(chunk);
        socket.write("N");
      });
    });
    const [withoutTls, second] = await elsewhere("localhost", plain.port);
    await refuses("tls-refused", run(withoutTls, second, "setSecret"));
    // The request for TLS (PostgreSQL's manual, "Message Formats"), and not a byte more.
    assert.equal(Buffer.concat(heard).toString("hex"), "0000000804d2162f");
    plain.server.close();
  });

  it("12: a port where nobody listens, and a server that says nothing, end in time", async () => {
    const silent = await answering(() => undefined);
    for (const port of [1, silent.port]) {
      const value = world.value("app_a", "x");
      const secretId = await world.secrets.create({ ...value, port: String(port) });
      const subject = { secretId, logins: ["app_a", "app_b"], owner: "none" };
      const token = world.secrets.begin(secretId);
      await run(subject, token, "createSecret");
      const strategy = world.strategy("alternating", world.connector(4_000));
      await refuses("unreachable", world.step(subject, token, "setSecret", strategy));
    }
    silent.server.close();
  });

  it("13: a proxy in the URL is left alone, and the server itself is asked", async () => {
    // The URL of every subject names proxy.example, which does not resolve.
    const subject = await world.subject("alternating");
    await world.rotate(subject, "alternating");
    assert.match((await world.secrets.value(subject.secretId)) ?? "", /@proxy\.example:/);
  });

  it("14: two calls of setSecret at once both succeed, and set one password", async () => {
    for (const users of ["alternating", "single"] as const) {
      const subject = await world.subject(users);
      const token = world.secrets.begin(subject.secretId);
      await run(subject, token, "createSecret", users);
      await Promise.all([1, 2, 3].map(() => run(subject, token, "setSecret", users)));
      await world.rotate(subject, users, token);
      assert.deepEqual(await world.sql("SELECT 1 AS one", await world.loginOf(subject)), [{ one: 1 }]);
    }
  });

  it("14: a role that somebody else has locked ends in time", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await run(subject, token, "createSecret");
    const { username, ...login } = world.login(world.postgres.superuser);
    const other = new pg.Client({ ...login, user: username, ssl: { ca: world.postgres.ca } });
    await other.connect();
    await other.query(
      `BEGIN; ALTER ROLE ${pg.escapeIdentifier(subject.logins[1] ?? "")} CONNECTION LIMIT 50`,
    );
    try {
      const strategy = world.strategy("alternating", world.connector(4_000));
      await refuses("busy", world.step(subject, token, "setSecret", strategy));
    } finally {
      await other.end();
    }
    await world.rotate(subject, "alternating", token);
  });

  it("15: throttled calls are repeated; a silent Secrets Manager ends in time", async () => {
    const subject = await world.subject("alternating");
    let calls = 0;
    world.secrets.interfere = (_operation, forward) =>
      (calls += 1) % 6 === 1
        ? Promise.resolve({ status: 400, body: '{"__type":"ThrottlingException","message":"slow down"}' })
        : forward();
    await world.rotate(subject, "alternating");

    const token = world.secrets.begin(subject.secretId);
    world.secrets.interfere = () => new Promise(() => undefined);
    const began = performance.now();
    const store = world.store(subject.secretId, 4_000);
    await assert.rejects(world.step(subject, token, "createSecret", world.strategy("alternating"), store), {
      name: /AbortError|TimeoutError/,
    });
    assert.ok(performance.now() - began < 4_000);
  });

  it("refuses steps that it does not know, and writes them nowhere as they are", async () => {
    const subject = await world.subject("alternating");
    const token = world.secrets.begin(subject.secretId);
    await refuses("unknown-step", run(subject, token, "x\nforged"), ["forged"]);
    await refuses("unknown-step", run(subject, token, "constructor"));
  });

  it("bad input: a distinct error each, which says what to do next; nothing is written, no value shown", async () => {
    const subject = await world.subject("alternating");
    const [login = "", other = ""] = subject.logins;
    const { password } = await world.loginOf(subject);
    /** A secret of the same logins, changed; `begun` with a first step where the fault comes later. */
    const secretOf = async (change: Record<string, string>): Promise<Subject> => ({
      ...subject,
      secretId: await world.secrets.create({ ...world.value(login, password), ...change }),
    });
    const plain = await answering((socket) => socket.once("data", () => socket.write("N")));
    const pending = async (
      secretId: string,
      token: string,
      change: Record<string, string>,
    ): Promise<void> => {
      const SecretString = JSON.stringify({ ...world.value(other, "hidden-pending"), ...change });
      const put = { SecretId: secretId, SecretString, VersionStages: ["AWSPENDING"] };
      await world.secrets.client.send(new PutSecretValueCommand({ ...put, ClientRequestToken: token }));
    };
    const faults: [Failure, string, Record<string, string>, (token: string, secretId: string) => unknown][] =
      [
        ["unknown-step", "renewSecret", {}, () => undefined],
        ["token-not-staged", "createSecret", {}, (_token, secretId) => world.secrets.begin(secretId)],
        [
          "rotation-disabled",
          "createSecret",
          {},
          (_token, secretId) => world.secrets.turnRotationOff(secretId),
        ],
        ["wrong-shape", "createSecret", { DB_PASSWORD: "" }, () => undefined],
        [
          "host-changed",
          "setSecret",
          {},
          (token, secretId) => pending(secretId, token, { host: "elsewhere.example" }),
        ],
        [
          "tls-refused",
          "setSecret",
          { port: String(plain.port) },
          (token, secretId) => pending(secretId, token, { port: String(plain.port) }),
        ],
      ];
    const messages = new Set<string>();
    for (const [code, step, change, prepare] of faults) {
      const { secretId } = await secretOf(change);
      const token = world.secrets.begin(secretId);
      await prepare(token, secretId);
      const state = async () =>
        JSON.stringify([
          await world.secrets.stages(secretId),
          await world.secrets.value(secretId),
          await verifiers(subject),
        ]);
      const before = await state();
      await assert.rejects(run({ ...subject, secretId }, token, step), (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.ok(!error.message.includes(password) && !error.message.includes("hidden"), "a value is shown");
        // The code, what was met, and the next step.
        assert.match(error.message, /^[\w-]+: .+?[.:].* .+\.$/);
        messages.add(error.message);
        return true;
      });
      assert.equal(await state(), before, code);
    }
    plain.server.close();
    assert.equal(messages.size, faults.length);
  });

  it("refuses a pending version for another server, and one for another user", async () => {
    const subject = await world.subject("alternating");
    const cases: Partial<Record<Failure, Record<string, string>>> = {
      "host-changed": { host: "other.example" },
      "user-changed": { DB_USERNAME: "x_b", username: "x_b" },
    };
    for (const [code, change] of Object.entries(cases)) {
      const token = world.secrets.begin(subject.secretId);
      const [, other = ""] = subject.logins;
      const value: Record<string, string> = { ...world.value(other, "x"), ...change };
      const url = new URL(value["RELATIONAL_DATABASE_URL"] ?? "");
      url.username = value["DB_USERNAME"] ?? "";
      const SecretString = JSON.stringify({ ...value, RELATIONAL_DATABASE_URL: url.href });
      const put = { SecretId: subject.secretId, SecretString, VersionStages: ["AWSPENDING"] };
      await world.secrets.client.send(new PutSecretValueCommand({ ...put, ClientRequestToken: token }));
      await refuses(code as Failure, run(subject, token, "setSecret"));
    }
  });
});

async function answering(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  return { server, port: await listen(server) };
}
