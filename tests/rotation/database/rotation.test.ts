import assert from "node:assert/strict";
import fc from "fast-check";
import pg from "pg";
import { World } from "./world.ts";

describe("rotation/database: rotations against PostgreSQL and Secrets Manager", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());

  for (const users of ["alternating", "single"] as const) {
    describe(users, () => {
      it("ends with a current version that logs in, in all its forms", async () => {
        const subject = await world.subject(users);
        const before = await world.loginOf(subject);
        await world.rotate(subject, users);
        const after = await world.loginOf(subject);
        assert.notEqual(after.password, before.password);
        assert.deepEqual(await world.sql("SELECT 1 AS one", after), [{ one: 1 }]);
        const fields = JSON.parse((await world.secrets.value(subject.secretId)) ?? "") as Record<
          string,
          string
        >;
        const url = new URL(fields["RELATIONAL_DATABASE_URL"] ?? "");
        assert.deepEqual(
          [url.username, url.password, url.host, fields["DB_USERNAME"], fields["DB_PASSWORD"]],
          [
            after.username,
            after.password,
            `proxy.example:${world.postgres.port}`,
            after.username,
            after.password,
          ],
        );
        assert.deepEqual(
          [fields["engine"], fields["host"], fields["port"], fields["dbname"]],
          ["postgres", "localhost", String(world.postgres.port), "postgres"],
        );
      });

      it("goes on for many rotations", async () => {
        const subject = await world.subject(users);
        const seen = new Set<string>();
        for (let turn = 0; turn < 4; turn += 1) {
          await world.rotate(subject, users);
          const { username, password } = await world.loginOf(subject);
          assert.equal(username, subject.logins[(turn + 1) % subject.logins.length]);
          seen.add(password);
        }
        assert.equal(seen.size, 4);
      });

      it("never shows the new password to the server", async () => {
        const subject = await world.subject(users);
        await world.rotate(subject, users);
        const { username, password } = await world.loginOf(subject);
        const log = await world.postgres.log();
        assert.match(log, new RegExp(`ALTER ROLE "?${username}"? WITH PASSWORD 'SCRAM-SHA-256`));
        assert.ok(!log.includes(password), "the password stands in the server's log");
      });

      it("leaves open connections alone", async () => {
        const subject = await world.subject(users);
        const { username, ...login } = await world.loginOf(subject);
        const client = new pg.Client({ ...login, user: username, ssl: { ca: world.postgres.ca } });
        await client.connect();
        await world.rotate(subject, users);
        await world.rotate(subject, users);
        assert.deepEqual((await client.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
        await client.end();
      });

      it("takes users and passwords of any characters", async () => {
        await fc.assert(
          fc.asyncProperty(awkward(20), awkward(40), async (base, password) => {
            const subject = await world.subject(users, { base, password });
            await world.rotate(subject, users);
            assert.deepEqual(await world.sql("SELECT 1 AS one", await world.loginOf(subject)), [{ one: 1 }]);
            const url = new URL(
              (
                JSON.parse((await world.secrets.value(subject.secretId)) ?? "") as {
                  RELATIONAL_DATABASE_URL: string;
                }
              ).RELATIONAL_DATABASE_URL,
            );
            assert.equal(decodeURIComponent(url.username), (await world.loginOf(subject)).username);
          }),
          { numRuns: 15 },
        );
      });
    });
  }

  it("keeps what either user made usable by the other", async () => {
    const subject = await world.subject("alternating");
    const table = `${subject.owner}_notes`;
    await world.sql(`CREATE TABLE ${table} (note text)`, await world.loginOf(subject));
    await world.rotate(subject, "alternating");
    const next = await world.loginOf(subject);
    await world.sql(`INSERT INTO ${table} VALUES ('x'); ALTER TABLE ${table} ADD COLUMN more int`, next);
    await world.rotate(subject, "alternating");
    assert.deepEqual(await world.sql(`SELECT note FROM ${table}`, await world.loginOf(subject)), [
      { note: "x" },
    ]);
  });

  it("leaves the replaced user able to log in, until its own turn", async () => {
    const subject = await world.subject("alternating");
    const replaced = await world.loginOf(subject);
    await world.rotate(subject, "alternating");
    assert.deepEqual(await world.sql("SELECT 1 AS one", replaced), [{ one: 1 }]);
    await world.rotate(subject, "alternating");
    await assert.rejects(world.sql("SELECT 1", replaced), { code: "28P01" });
  });
});

/** Printable ASCII with a liking for what URLs, DSNs, SQL and shells take for their own. */
function awkward(maxLength: number): fc.Arbitrary<string> {
  const special = fc.constantFrom(...Array.from("/@:%#?&=+'\"\\ $;`{}[]<>|~^,!*()-._"));
  const letter = fc.constantFrom("a", "b", "X", "Z", "0", "9");
  return fc.string({ unit: fc.oneof(special, letter), minLength: 1, maxLength });
}
