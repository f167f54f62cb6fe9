import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { perform } from "../../../operations/migrate/database/perform.ts";
import type { Answer } from "../../../operations/migrate/protocol.ts";
import { COPIED, type PostgresServer, startPostgres } from "../../rotation/servers/postgres.ts";
import { first, second } from "./migrations.ts";

describe("operations/migrate/database", function () {
  this.timeout(30_000);
  let server: PostgresServer;
  let admin: pg.Client;
  let client: pg.Client;
  let folder: string;
  let database: string;
  before(async () => {
    server = await startPostgres();
    admin = await open("postgres");
  });
  after(async () => {
    await admin.end();
    await server.stop();
  });
  beforeEach(async () => {
    database = `db_${randomBytes(4).toString("hex")}`;
    await admin.query(`CREATE DATABASE ${database} ${COPIED}`);
    client = await open(database);
    folder = await mkdtemp(join(tmpdir(), "macro-ai-migrations-"));
    await files(first);
  });
  afterEach(async () => {
    await client.end();
    await admin.query(`DROP DATABASE ${database}`);
    await rm(folder, { recursive: true });
  });

  async function open(name: string): Promise<pg.Client> {
    const { host, port, ca, superuser } = server;
    const login = { user: superuser.username, password: superuser.password, database: name };
    const opened = new pg.Client({ host, port, ssl: { ca }, ...login });
    await opened.connect();
    return opened;
  }

  async function files(migrations: Readonly<Record<string, string>>): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "verify"), { recursive: true });
    for (const [name, sql] of Object.entries(migrations)) await writeFile(join(folder, name), sql);
  }

  /** In a session of its own, as each phase is. */
  async function session<T>(work: (own: pg.Client) => Promise<T>): Promise<T> {
    const own = await open(database);
    try {
      return await work(own);
    } finally {
      await own.end();
    }
  }
  const apply = (run: string): Promise<Answer> =>
    session((own) => perform(own, folder, { phase: "apply", run }));
  const revert = (run: string): Promise<Answer> =>
    session((own) => perform(own, folder, { phase: "revert", run }));
  const verify = async (run: string, ...allowLoss: string[]): Promise<readonly string[]> =>
    (await session((own) => perform(own, folder, { phase: "verify", run, allowLoss }))).problems;
  const names = async (): Promise<unknown[]> =>
    (await client.query("SELECT name FROM pgmigrations ORDER BY id")).rows.map(({ name }) => name as unknown);

  it("applies what is pending, and says so when it is asked again", async () => {
    assert.deepEqual(await apply("one"), { lines: ["applied: 0001_users"], problems: [] });
    await files(second);
    assert.deepEqual((await apply("two")).lines, ["applied: 0002_names, 0003_sessions"]);
    assert.deepEqual((await apply("two")).lines, ["already applied: 0002_names, 0003_sessions"]);
    assert.deepEqual((await apply("three")).lines, ["nothing to apply"]);
    assert.deepEqual(await verify("two"), []);
    assert.deepEqual(await verify("three"), []);
  });

  it("applies all of a run or none, and tries again with what was mended", async () => {
    await files({ ...second, "0004_wrong.sql": "SELECT 1 / 0" });
    await assert.rejects(apply("one"), /rolled back, the schema is as before: division by zero/);
    assert.deepEqual(await names(), []);
    const { rows } = await client.query<{ users: null }>("SELECT to_regclass('users') AS users");
    assert.deepEqual(rows, [{ users: null }]);
    await files({ ...second, "0004_right.sql": "SELECT 1" });
    assert.deepEqual((await apply("one")).lines, [
      "applied: 0001_users, 0002_names, 0003_sessions, 0004_right",
    ]);
    assert.deepEqual(await verify("one"), []);
  });

  it("takes back what a run applied, and nothing else", async () => {
    await apply("one");
    await files(second);
    await apply("two");
    assert.deepEqual((await revert("two")).lines, ["taken back: 0003_sessions, 0002_names"]);
    assert.deepEqual(await names(), ["0001_users"]);
    assert.deepEqual((await revert("two")).lines, ["the schema is as before the run"]);
    assert.deepEqual((await revert("never")).lines, ["the schema is as before the run"]);
    await apply("two");
    await files({ ...second, "0004_later.sql": "SELECT 1" });
    await apply("three");
    assert.deepEqual((await revert("two")).problems, ["0004_later came after the run and would be lost"]);
    assert.deepEqual((await revert("three")).problems, ['0004_later has no part "-- Down Migration"']);
  });

  it("waits for nobody who migrates already", async () => {
    await client.query("SELECT pg_advisory_lock(7241865325823964)");
    await assert.rejects(apply("one"), /Another migration of this database is running/);
    await assert.rejects(revert("one"), /Another migration of this database is running/);
  });

  for (const [what, changed, problem] of [
    [
      "a file that is gone",
      { "0002_names.sql": "SELECT 1" },
      /0001_users was applied, but is not among the files/,
    ],
    [
      "a file that was changed",
      { "0001_users.sql": "SELECT 1" },
      /0001_users was changed after it had been applied/,
    ],
    [
      "a file that comes too late",
      { ...first, "0000_early.sql": "SELECT 1" },
      /0000_early was not applied, but comes before 0001_users/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await apply("one");
      await files(changed);
      for (const phase of ["inspect", "apply"] as const) {
        const { problems } = await perform(client, folder, { phase, run: "two", withSql: false });
        assert.match(problems.join("\n"), problem);
      }
      assert.deepEqual(await names(), ["0001_users"]);
    });

  for (const [what, bad, problem] of [
    ["another name", { "users.sql": "" }, /users\.sql: a migration is called <number>_<words>\.sql/],
    ["the same number", { "0001_b.sql": "" }, /0001_users: another one has the number 0001, too/],
    [
      "a number of another length",
      { "20261123_b.sql": "" },
      /20261123_b: its number has 8 digits, the first one's 4/,
    ],
    [
      "a COMMIT",
      { "0002_b.sql": "SELECT 1; commit; SELECT 2" },
      /0002_b: has a BEGIN, COMMIT or ROLLBACK of its own/,
    ],
    [
      "only a way back",
      { "0002_b.sql": "SELECT 1;\n-- Down Migration\nSELECT 2" },
      /0002_b: has "-- Down Migration" without/,
    ],
  ] as const)
    it(`refuses a file with ${what}`, async () => {
      await files({ ...first, ...bad });
      await assert.rejects(apply("one"), problem);
    });

  it("takes a body with BEGIN and END for what it is", async () => {
    const body = `-- COMMIT;\nDO $do$ BEGIN PERFORM 1; END; $do$; SELECT 'COMMIT;'`;
    await files({ "0001_body.sql": body });
    assert.deepEqual((await apply("one")).problems, []);
  });

  for (const [what, sql, problem] of [
    [
      "rows that are gone",
      "DELETE FROM users WHERE id > 50",
      "public.users has 50 rows, before it had 100. If that was meant: --allow-loss public.users",
    ],
    [
      "a table that is gone",
      "DROP TABLE users",
      "public.users is gone, with 100 rows. If that was meant: --allow-loss public.users",
    ],
    [
      "a constraint for new rows only",
      "ALTER TABLE users ADD CONSTRAINT young CHECK (id < 50) NOT VALID",
      "the constraint public.users.young is not validated: ALTER TABLE ... VALIDATE CONSTRAINT in a migration",
    ],
    [
      "an index that was never finished",
      "CREATE INDEX late ON users (email); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'late'::regclass",
      "the index public.late is invalid: drop it and build it again",
    ],
    ["an extension that is gone", "DROP EXTENSION plpgsql", "the extension plpgsql 1.0 is gone"],
  ] as const)
    it(`finds ${what}`, async () => {
      await apply("one");
      await files({ ...first, "0002_spoil.sql": sql });
      await apply("two");
      assert.deepEqual(await verify("two"), [problem]);
      if (problem.includes("--allow-loss")) assert.deepEqual(await verify("two", "public.users"), []);
      // What was so before is not this run's.
      await apply("three");
      assert.deepEqual(await verify("three"), []);
    });

  it("allows for what the service deletes meanwhile", async () => {
    await apply("one");
    await apply("two");
    await client.query("DELETE FROM users WHERE id = 7");
    assert.deepEqual(await verify("two"), []);
  });

  it("asks the project's own queries, which can only read", async () => {
    await apply("one");
    const hook = (sql: string): Promise<void> => writeFile(join(folder, "verify/own.sql"), sql);
    await hook("SELECT email FROM users ORDER BY id LIMIT 7");
    assert.match(
      (await verify("one")).join(),
      /^verify\/own\.sql found: user1@example\.com; .*; and 2 more$/,
    );
    await hook("DELETE FROM users RETURNING 1");
    assert.match(
      (await verify("one")).join(),
      /own\.sql failed: cannot execute DELETE in a read-only transaction/,
    );
    await hook("SELECT 1 FROM users WHERE id < 0");
    assert.deepEqual(await verify("one"), []);
  });

  it("does not verify what was never applied", async () => {
    assert.match((await verify("never")).join(), /the database knows nothing of the run never/);
  });
});
