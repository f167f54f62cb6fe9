import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN } from "../../../sandbox/cloud/rule.ts";
import type { Inputs } from "../../../sandbox/cloud/rule.ts";
import { validate } from "../../../sandbox/cloud/validate.ts";

const types = {
  "x.Rule": { port: "number", "from-port": "number?", match: "#x.Match?" },
  "x.Match": { hosts: "[]string", kind: "'a'|'b'?" },
  "x.Document": { Version: "string" },
};
const declared = {
  size: "number",
  rules: "[]#x.Rule?",
  tags: "{}string?",
  policy: "string|#x.Document?",
  action: "string|[]string?",
  code: "archive?",
  free: "any?",
};

function problems(inputs: Inputs): string[] {
  return validate("T", declared, inputs, types).map(({ property, reason }) => `${property}: ${reason}`);
}

describe("validate", () => {
  it("finds nothing wrong with right inputs", () => {
    const rules = [{ port: 1, match: { hosts: ["h"], kind: "a" } }];
    assert.deepEqual(
      problems({ size: 1, rules, tags: { "a b": "c" }, policy: { Version: "1" }, action: ["x"], free: [{}] }),
      [],
    );
    assert.deepEqual(problems({ size: 1, policy: "{}", action: "x" }), []);
  });

  it("names the path of what is wrong, at any depth", () => {
    assert.deepEqual(
      problems({ size: "1", rules: [{ match: { hosts: "h", kind: "c" } }, 5], tags: { "a b": 1 } }),
      [
        "size: expected a number, got a string",
        "rules[0].match.hosts: expected a list of strings, got a string",
        'rules[0].match.kind: expected one of "a", "b", got another string; did you mean "a"?',
        'rules[0].port: rules[0] requires "port"',
        "rules[1]: expected an object, got a number",
        'tags["a b"]: expected a string, got a number',
      ],
    );
  });

  it("tells of alternatives, and of what is wrong inside the one that was meant", () => {
    assert.deepEqual(problems({ size: 1, action: 5, policy: { version: "1" } }), [
      "action: expected a string or a list of strings, got a number",
      'policy.version: policy has no property "version"; did you mean "Version"?',
      'policy.Version: policy requires "Version"',
    ]);
  });

  it("wants an archive where the SDK does", () => {
    assert.deepEqual(problems({ size: 1, code: "x.zip" }), ["code: expected an archive, got a string"]);
  });

  it("never shows a value", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (secret) => {
        const told = problems({ size: secret, rules: [secret], code: secret, tags: secret }).join();
        return !told.includes(secret);
      }),
    );
  });

  it("takes UNKNOWN anywhere", () => {
    const known: Inputs = {
      size: 1,
      rules: [{ port: 1, match: { hosts: ["h"] } }],
      tags: { a: "b" },
      policy: "{}",
    };
    for (const name of Object.keys(known)) assert.deepEqual(problems({ ...known, [name]: UNKNOWN }), []);
    assert.deepEqual(
      problems({ size: 1, rules: [UNKNOWN, { port: UNKNOWN, match: { hosts: [UNKNOWN] } }] }),
      [],
    );
  });
});
