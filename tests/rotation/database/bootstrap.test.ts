import assert from "node:assert/strict";
import pg from "pg";
import { bootstrap, BOOTSTRAP_VERSION } from "../../../rotation/database/bootstrap.ts";
import type { Connector, Login } from "../../../rotation/database/connection.ts";
import { parseDatabaseSecret } from "../../../rotation/database/secret.ts";
import { vectorBinaries } from "../servers/postgres-binaries.ts";
import { World } from "./world.ts";

describe("rotation/database/bootstrap", function () {
  // The first time, PostgreSQL with pgvector is fetched.
  this.timeout(180_000);
  let world: World;
  let master: Login;
  before(async () => {
    world = await World.start(vectorBinaries);
    await world.sql("CREATE DATABASE app OWNER master");
    master = { ...world.login({ username: "master", password: "master password" }), database: "app" };
    // On RDS the master user may create it; elsewhere only a superuser.
    await world.sql("ALTER ROLE master SUPERUSER");
  });
  after(() => world.stop());

  const secret = (password: string) =>
    parseDatabaseSecret(
      JSON.stringify({
        ...world.value("app_a", password),
        RELATIONAL_DATABASE_URL: `postgresql://app_a:${password}@proxy.example/app`,
        dbname: "app",
      }),
    );

  const run = (password = "first") => bootstrap(world.connector(), master, secret(password), "verifier");
  const as = (username: string, password: string): Login => ({ ...master, username, password });

  it("prepares an empty database, so that the secret's login works in it", async () => {
    const result = await run();
    assert.equal(result.version, BOOTSTRAP_VERSION);
    assert.deepEqual(result.logins, ["app_a", "app_b"]);
    const nearest = "CREATE TABLE points (at vector(2)); INSERT INTO points VALUES ('[1,2]'), ('[9,9]');";
    assert.deepEqual(
      await world.sql(
        `${nearest} SELECT at FROM points ORDER BY at <-> '[8,8]' LIMIT 1`,
        as("app_a", "first"),
      ),
      [{ at: "[9,9]" }],
    );
    await world.sql("CREATE TABLE notes (note text); INSERT INTO notes VALUES ('x')", as("app_a", "first"));
    assert.deepEqual(
      await world.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'notes'", as("app_a", "first")),
      [{ tableowner: "app_owner" }],
    );
  });

  it("may run again and changes nothing, not even a password", async () => {
    const state = () =>
      world.sql(
        "SELECT rolname, rolcanlogin, rolpassword FROM pg_authid WHERE rolname LIKE 'app%' ORDER BY 1",
      );
    await run();
    const before = await state();
    await Promise.all([run(), run()]);
    assert.deepEqual(await state(), before);
  });

  it("gives the current login its password back", async () => {
    await run();
    await world.sql("ALTER ROLE app_a PASSWORD 'set by hand'");
    await run();
    assert.deepEqual(await world.sql("SELECT 1 AS one", as("app_a", "first")), [{ one: 1 }]);
  });

  it("leaves a login whose secret still names another server without a password", async () => {
    await world.sql("CREATE DATABASE moved OWNER master");
    const moved = { ...master, database: "moved" };
    await run();
    await world.sql("ALTER ROLE app_a PASSWORD 'of another server'");
    const { logins } = await bootstrap(world.connector(), moved, undefined, "verifier");
    assert.deepEqual(logins, ["app_a", "app_b"]);
    const there: Login = { ...moved, username: "app_a", password: "of another server" };
    assert.deepEqual(await world.sql("SELECT extname FROM pg_extension WHERE extname = 'vector'", there), [
      { extname: "vector" },
    ]);
  });

  it("lets nobody else in", async () => {
    await run();
    await world.sql("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
    await assert.rejects(world.sql("SELECT 1", as("stranger", "stranger")), { code: "42501" });
  });

  it("leaves nothing half-made when it fails in the middle", async () => {
    await world.sql("CREATE DATABASE other OWNER master");
    await world.sql("ALTER ROLE app_b NOLOGIN");
    const real = world.connector();
    const failing: Connector = {
      ...real,
      session: (login, work) =>
        real.session(login, (session) =>
          work({
            query: (doing, sql, values) =>
              doing === "Noting the version"
                ? Promise.reject(new Error("cut"))
                : session.query(doing, sql, values),
          }),
        ),
    };
    const other = { ...master, database: "other" };
    await assert.rejects(bootstrap(failing, other, { ...secret("first"), database: "other" }, "verifier"));
    assert.deepEqual(await world.sql("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app_b'"), [
      { rolcanlogin: false },
    ]);
  });

  it("does not touch what a newer program has prepared", async () => {
    const note = (version: number) =>
      `COMMENT ON ROLE app_owner IS ${pg.escapeLiteral(`x (bootstrap ${version})`)}`;
    await world.sql(note(BOOTSTRAP_VERSION + 1));
    await assert.rejects(run(), /prepared by a newer program \(bootstrap 2; this one knows 1\)/);
    await world.sql(note(BOOTSTRAP_VERSION));
  });
});
