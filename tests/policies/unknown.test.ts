import assert from "node:assert/strict";
import { see, UNKNOWN } from "../../policies/core/unknown.ts";
import { unknown, unknownCheckingProxy } from "./harness.ts";

describe("see", () => {
  it("keeps what is known and marks what is not, at any depth", () => {
    const properties = { a: 1, b: unknown, c: { d: [unknown, { e: unknown, f: null }], g: undefined } };
    assert.deepEqual(see(unknownCheckingProxy(properties)), {
      a: 1,
      b: UNKNOWN,
      c: { d: [UNKNOWN, { e: UNKNOWN, f: null }], g: undefined },
    });
  });
});
