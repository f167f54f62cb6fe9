import assert from "node:assert/strict";
import fc from "fast-check";
import pg from "pg";
import { parseDatabaseSecret, withLogin } from "../../../rotation/database/secret.ts";

/** As the program writes it. */
const first = JSON.stringify({
  RELATIONAL_DATABASE_URL: "postgresql://app_a:first@proxy.example:5432/macro_ai?sslmode=verify-full",
  DB_USERNAME: "app_a",
  DB_PASSWORD: "first",
  username: "app_a",
  password: "first",
  engine: "postgres",
  host: "db.example",
  port: "5432",
  dbname: "macro_ai",
  OTHER: "kept",
});

const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength }),
    fc.string({
      unit: fc.constantFrom(...Array.from("/@:%#?&=+'\"\\ $;`{}[]<>|~^,!*()-._aZ0é€")),
      minLength: 1,
      maxLength,
    }),
  );

describe("rotation/database/secret", () => {
  it("has the same login in the URL, in the API's fields and in those of AWS's tools, whatever its characters (property)", () => {
    fc.assert(
      fc.property(text(30), text(60), (username, password) => {
        // Lone halves of a surrogate pair are no text: UTF-8 has no form for them.
        fc.pre(username.isWellFormed() && password.isWellFormed());
        const written = JSON.stringify(withLogin(parseDatabaseSecret(first), username, password).fields);
        const read = parseDatabaseSecret(written);
        const fields = read.fields as Record<string, string>;
        const url = new URL(fields["RELATIONAL_DATABASE_URL"] ?? "");
        // What the API's driver makes of the URL.
        const driver = new pg.Client({ connectionString: url.href.replace(/\?.*/, "") });
        for (const [user, secret] of [
          [read.username, read.password],
          [fields["DB_USERNAME"], fields["DB_PASSWORD"]],
          [fields["username"], fields["password"]],
          [decodeURIComponent(url.username), decodeURIComponent(url.password)],
          [driver.user, driver.password],
        ])
          assert.ok(user === username && secret === password, "the forms disagree");
        assert.deepEqual([driver.host, driver.port, driver.database], ["proxy.example", 5432, "macro_ai"]);
        assert.deepEqual(
          [read.host, fields["OTHER"], url.search],
          ["db.example", "kept", "?sslmode=verify-full"],
        );
      }),
    );
  });

  const bad: [string, Record<string, unknown>, RegExp][] = [
    ["no password", { DB_PASSWORD: "" }, /it lacks DB_PASSWORD\./],
    ["no URL of PostgreSQL", { RELATIONAL_DATABASE_URL: "mysql://hidden@h/d" }, /is no URL of PostgreSQL/],
    ["two passwords", { password: "hidden" }, /password differ from DB_USERNAME and DB_PASSWORD/],
    ["a port that is none", { port: "hidden" }, /port is no number/],
    ["another engine", { engine: "mysql" }, /engine is not postgres/],
  ];
  for (const [what, change, message] of bad) {
    it(`refuses a value with ${what}, and shows none`, () => {
      const value = JSON.stringify({ ...(JSON.parse(first) as object), ...change });
      assert.throws(
        () => parseDatabaseSecret(value),
        (error: Error) =>
          error.message.startsWith("wrong-shape: ") &&
          message.test(error.message) &&
          !/hidden|first/.test(error.message),
      );
    });
  }
});
