import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCacheUrl, parseDatabaseUrl } from "../../runtime/urls.ts";

const text = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 });

describe("parseDatabaseUrl", () => {
  it("gives back every user, password and database that were percent-encoded (property)", () => {
    fc.assert(
      fc.property(text, text, text, (user, password, name) => {
        const database = name.replaceAll("/", "_");
        // "." and ".." are steps in a path, however they are encoded.
        fc.pre(!/^\.{1,2}$/.test(database));
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        assert.deepEqual(parseDatabaseUrl(`postgresql://${u ?? ""}:${p ?? ""}@db.example:6543/${d ?? ""}`), {
          user,
          password,
          host: "db.example",
          port: 6543,
          database,
          tls: "unsaid",
        });
      }),
    );
  });

  it("never takes a raw password for something else, and shows none of it (property)", () => {
    fc.assert(
      fc.property(text, (password) => {
        const found = parseDatabaseUrl(`postgresql://app:${password}@db.example/macro_ai`);
        if (typeof found === "string") assert.ok(password.length < 6 || !found.includes(password));
        else {
          assert.deepEqual([found.user, found.host, found.database], ["app", "db.example", "macro_ai"]);
          assert.ok([password, decodeURIComponent(password)].includes(found.password));
        }
      }),
    );
  });

  for (const character of ["/", "@", "?", "#", "%", " "]) {
    for (const password of [`secret${character}word`, `12${character}34`]) {
      it(`refuses the password ${password}, unescaped`, () => {
        const said = parseDatabaseUrl(`postgresql://app:${password}@db.example:5432/macro_ai`);
        // %34 is a digit, for anybody who reads it.
        if (password === "12%34") assert.equal(typeof said, "object");
        else assert.match(JSON.stringify(said), /percent-encoded/);
      });
    }
  }

  for (const [url, message] of [
    ["mysql://app:secret@db.example/macro_ai", "must begin with postgresql://"],
    ["http://db.example", "must begin with postgresql://"],
    ["postgresql://db.example/macro_ai", "has no user"],
    ["postgresql://app@db.example/macro_ai", "has no password"],
    ["postgresql://app:secret@db.example", "names no database: it must end in /database"],
    ["postgresql://app:secret@db.example/one/two", "names no database: it must end in /database"],
    [
      "postgresql://app:secret@db.example/one?host=evil.example&user=x",
      "has host, user among its parameters; say it before the question mark",
    ],
    [
      "postgresql://app:secret@db.example/one?sslmode=verify-full&sslmode=disable",
      "says sslmode more than once",
    ],
  ] as const) {
    it(`refuses ${url}: it ${message}`, () => assert.equal(parseDatabaseUrl(url), message));
  }

  for (const [parameters, tls] of [
    ["sslmode=verify-full", "verified"],
    ["sslmode=require", "verified"],
    ["sslmode=no-verify", "unverified"],
    ["sslmode=prefer", "unverified"],
    ["sslmode=disable", "unverified"],
    ["ssl=true", "unsaid"],
    ["ssl=false", "unverified"],
    ["ssl=0&sslmode=verify-full", "unverified"],
  ] as const) {
    it(`knows ${parameters} as ${tls}`, () => {
      const login = parseDatabaseUrl(`postgres://app:secret@[::1]/macro_ai?${parameters}`);
      assert.ok(typeof login === "object");
      assert.deepEqual([login.tls, login.host, login.port], [tls, "::1", 5432]);
    });
  }
});

describe("parseCacheUrl", () => {
  it("reads ElastiCache's, Upstash's and one's own", () => {
    const common = { host: "cache.example", port: 6379, database: 0 };
    assert.deepEqual(parseCacheUrl("rediss://:a%2Fb@cache.example:6379"), {
      ...common,
      user: undefined,
      password: "a/b",
      tls: true,
    });
    assert.deepEqual(parseCacheUrl("rediss://default:x@cache.example"), {
      ...common,
      user: "default",
      password: "x",
      tls: true,
    });
    assert.deepEqual(parseCacheUrl("redis://cache.example/2"), {
      ...common,
      database: 2,
      user: undefined,
      password: undefined,
      tls: false,
    });
  });

  it("refuses what is none", () => {
    assert.equal(parseCacheUrl("https://cache.example"), "must begin with rediss://");
    assert.equal(
      parseCacheUrl("rediss://:x@cache.example/name"),
      "must end in a database's number, or in nothing",
    );
    assert.match(JSON.stringify(parseCacheUrl("rediss://:a/b@cache.example")), /percent-encoded/);
  });
});
