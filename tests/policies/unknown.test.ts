import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { see, UNKNOWN } from "../../policies/core/unknown.ts";
import { unknown, unknownCheckingProxy } from "./harness.ts";

const require = createRequire(import.meta.url);

describe("see", () => {
  it("keeps what is known and marks what is not, at any depth", () => {
    const properties = { a: 1, b: unknown, c: { d: [unknown, { e: unknown, f: null }], g: undefined } };
    assert.deepEqual(see(unknownCheckingProxy(properties)), {
      a: 1,
      b: UNKNOWN,
      c: { d: [UNKNOWN, { e: UNKNOWN, f: null }], g: undefined },
    });
  });

  it("knows every mark that the SDK knows", () => {
    const proxy = require("@pulumi/policy/proxy") as Record<string, unknown>;
    const marks = Object.entries(proxy).filter(([name]) => /^unknown\w+Value$/.test(name));
    assert.equal(marks.length, 7);
    for (const [name, mark] of marks) assert.deepEqual(see({ [name]: mark }), { [name]: UNKNOWN });
  });

  it("tells of each unknown value that is read, and of no other", () => {
    const read: string[] = [];
    const seen = see({ a: unknown, b: [{ c: unknown }, 1], d: unknown }, (path) => read.push(path)) as {
      a: unknown;
      b: [{ c: unknown }, number];
    };
    assert.equal(seen.b[1], 1);
    assert.deepEqual(read, []);
    assert.equal(seen.b[0].c, UNKNOWN);
    assert.equal(seen.a, UNKNOWN);
    assert.deepEqual(read, ["b[0].c", "a"]);
  });
});
