import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type pg from "pg";
import { connect } from "../../../operations/migrate/database/connect.ts";
import { factsOf, freeze, moveProblems, thaw } from "../../../operations/upgrade/source.ts";
import { compareWith, fill, takeOut, type Target } from "../../../operations/upgrade/transfer.ts";
import { dumpingBinaries } from "../../rotation/servers/postgres-binaries.ts";
import { COPIED, type PostgresServer, startPostgres } from "../../rotation/servers/postgres.ts";
import { tunnel } from "../tunnel.ts";

/** Whatever a dump could get wrong. */
const CONTENT = `
  CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, joined timestamptz DEFAULT now(), score float8, face bytea, tags text[], data jsonb);
  INSERT INTO users (email, score, face, tags, data) SELECT 'ü' || n || '@example.com', n / 3.0, decode(md5(n::text), 'hex'), ARRAY['a', NULL, n::text], jsonb_build_object('n', n) FROM generate_series(1, 500) n;
  CREATE TYPE mood AS ENUM ('well', 'unwell');
  CREATE TABLE notes (user_id integer NOT NULL REFERENCES users ON DELETE CASCADE, mood mood, at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE notes_2026 PARTITION OF notes FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  INSERT INTO notes SELECT n, 'well', '2026-03-01'::timestamptz + n * interval '1 hour' FROM generate_series(1, 300) n;
  CREATE SCHEMA reports;
  CREATE VIEW reports.busy AS SELECT user_id, count(*) FROM notes GROUP BY 1;
  CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
  CREATE INDEX users_shouted ON users (shout(email));
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.joined = now(); RETURN NEW; END $$;
  CREATE TRIGGER stamped BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp();
  SELECT nextval('users_id_seq');`;

describe("operations/upgrade: from one PostgreSQL to another", function () {
  this.timeout(60_000);
  const authorities = getCACertificates("default");
  const { PATH: path } = process.env;
  let neon: PostgresServer;
  let rds: PostgresServer;
  let way: Awaited<ReturnType<typeof tunnel>>;
  let folder: string;
  let file: string;
  let source: string;
  let target: Target;
  let number = 0;
  const never = new AbortController().signal;

  before(async () => {
    [neon, rds] = await Promise.all([startPostgres(dumpingBinaries), startPostgres(dumpingBinaries)]);
    setDefaultCACertificates([...authorities, neon.ca, rds.ca]);
    process.env["PATH"] = `${neon.programs}:${path ?? ""}`;
    way = await tunnel(rds.port);
    folder = await mkdtemp(join(tmpdir(), "macro-ai-upgrade-"));
    for (const server of [neon, rds])
      await as(urlOf(server, "postgres"), (admin) =>
        admin.query("CREATE ROLE app_owner; CREATE ROLE app LOGIN PASSWORD 'p/w?' IN ROLE app_owner"),
      );
  });
  after(async () => {
    setDefaultCACertificates(authorities);
    process.env["PATH"] = path;
    way.stop();
    await rm(folder, { recursive: true });
    await Promise.all([neon.stop(), rds.stop()]);
  });

  /** @param who @default the superuser */
  function urlOf({ port, superuser }: PostgresServer, database: string, who = superuser): string {
    const url = new URL(`postgresql://localhost:${port}/${database}`);
    url.username = encodeURIComponent(who.username);
    url.password = encodeURIComponent(who.password);
    return url.href;
  }
  async function as<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await connect(url);
    return work(client).finally(() => client.end());
  }
  const app = { username: "app", password: "p/w?" };

  beforeEach(async () => {
    number += 1;
    const name = `db${number}`;
    file = join(folder, `${name}.dump`);
    await as(urlOf(neon, "postgres"), (admin) => admin.query(`CREATE DATABASE ${name} OWNER app ${COPIED}`));
    // Where there is a role that owns everything, as the bootstrap makes it.
    await as(urlOf(rds, "postgres"), async (admin) => {
      await admin.query(`CREATE DATABASE ${name} OWNER app_owner ${COPIED}`);
      await admin.query(`ALTER ROLE app IN DATABASE ${name} SET role = app_owner`);
    });
    source = urlOf(neon, name, app);
    // Nobody listens at the URL's own port: the way is the tunnel.
    target = { url: urlOf({ ...rds, port: 1 }, name, app), via: way.port };
    await as(source, (client) => client.query(CONTENT));
  });

  const there = (sql: string): Promise<pg.QueryResult<Record<string, unknown>>> =>
    as(urlOf(rds, `db${number}`), (client) => client.query<Record<string, unknown>>(sql));

  it("brings all of it, and knows when it has", async () => {
    const { print, bytes } = await takeOut(source, file, never);
    assert.ok(bytes > 10_000);
    assert.equal(await fill(target, file, print, never), "2 tables");
    assert.equal(
      await compareWith(target, print),
      "800 rows of 2 tables, sequences, indexes and constraints are the same",
    );
    assert.equal(await fill(target, file, print, never), "2 tables are there already");
    const owners = await there(
      "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'reports')",
    );
    assert.deepEqual(owners.rows, [{ tableowner: "app_owner" }]);
    const next = await there("SELECT nextval('users_id_seq')::int AS next");
    assert.deepEqual(next.rows, [{ next: 502 }]);
  });

  it("notices what differs, and leaves it alone", async () => {
    const { print } = await takeOut(source, file, never);
    await fill(target, file, print, never);
    for (const [sql, difference] of [
      [
        "UPDATE users SET score = score + 1e-13 WHERE id = 7",
        /public\.users: 500 rows, \d+, at the source 500 rows/,
      ],
      ["DELETE FROM notes WHERE user_id = 9", /public\.notes: 299 rows, \d+, at the source 300 rows/],
      ["SELECT setval('users_id_seq', 1)", /public\.users_id_seq: 1 used, at the source 501 used/],
      ["DROP INDEX users_shouted", /indexes: \d+, at the source \d+/],
      ["ALTER TABLE users DROP CONSTRAINT users_email_key", /constraints: \d+, at the source \d+/],
      ["DROP TRIGGER stamped ON users", /triggers: 0, at the source 1/],
      ["DROP VIEW reports.busy", /views: 0, at the source 1/],
      [
        "CREATE TABLE more (); ALTER TABLE more OWNER TO app_owner",
        /public\.more: 0 rows, 0, at the source none/,
      ],
    ] as const) {
      await there(sql);
      await assert.rejects(compareWith(target, print), difference);
    }
    await assert.rejects(
      fill(target, file, print, never),
      /The new database is not empty, and is not what was dumped/,
    );
  });

  it("leaves nothing when it cannot bring everything", async () => {
    const { print } = await takeOut(source, file, never);
    await there("CREATE TYPE mood AS ENUM ('in the way')");
    await assert.rejects(
      fill(target, file, print, never),
      /pg_restore ended with 1: .*type "mood" already exists/s,
    );
    assert.deepEqual((await there("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows, []);
    await there("DROP TYPE mood");
    assert.equal(await fill(target, file, print, never), "2 tables");
  });

  it("takes no writes while it moves, goes on reading, and takes them again", async () => {
    const writer = await connect(source);
    await as(source, freeze);
    await assert.rejects(writer.query("SELECT 1"), /terminat|connection/);
    assert.equal((await as(source, factsOf)).frozen, true);
    await assert.rejects(
      as(source, (client) => client.query("DELETE FROM users")),
      /read-only transaction/,
    );
    const { rows } = await as(source, (client) =>
      client.query<{ count: number }>("SELECT count(*)::int FROM users"),
    );
    assert.deepEqual(rows, [{ count: 500 }]);
    await as(source, freeze);
    const { print } = await takeOut(source, file, never);
    await fill(target, file, print, never);
    await as(source, thaw);
    await as(source, (client) => client.query("DELETE FROM users WHERE id = 1"));
    assert.equal((await as(source, factsOf)).frozen, false);
    // What came after the dump is missed.
    const later = await takeOut(source, `${file}2`, never);
    await assert.rejects(compareWith(target, later.print), /public\.users: 500 rows/);
  });

  it("stops when it is told to, and leaves no half a dump under its name", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 5);
    await assert.rejects(takeOut(source, file, stop.signal), /enough/);
    assert.ok(!(await readdir(folder)).includes(`db${number}.dump`));
  });

  it("says what a database cannot bring along", async () => {
    const facts = await as(source, factsOf);
    assert.deepEqual(moveProblems(facts, facts.major), []);
    assert.deepEqual(moveProblems(facts, facts.major + 1), []);
    assert.match(
      moveProblems(facts, facts.major - 1).join(),
      /a dump goes only to the same version or a newer one/,
    );
    assert.match(moveProblems({ ...facts, foreignExtensions: ["postgis"] }, 17).join(), /it uses postgis/);
  });
});
