import assert from "node:assert/strict";
import fc from "fast-check";
import { nameInputs } from "../../../sandbox/cloud/names.ts";
import type { Autonaming, NameRequest } from "../../../sandbox/cloud/names.ts";
import { UNKNOWN } from "../../../sandbox/cloud/rule.ts";
import type { NameRule } from "../../../sandbox/cloud/rule.ts";

const rule: NameRule = { property: "name", maxLength: 32, scope: "region", autoname: "hex" };

function name(request: Partial<NameRequest>, asked: NameRule = rule) {
  const { inputs, problems } = nameInputs(asked, {
    name: "alb",
    inputs: {},
    oldInputs: undefined,
    seed: Buffer.from("seed"),
    autonaming: undefined,
    ...request,
  });
  return {
    name: inputs["name"],
    defaults: inputs["__defaults"],
    problems: problems.map(({ reason }) => reason),
  };
}

function asking(mode: Autonaming["mode"]): Partial<NameRequest> {
  return { autonaming: { mode, proposed: "Proposed-name-that-is-longer-than-allowed" } };
}

describe("nameInputs", () => {
  it("invents names within the limit, or says that the logical one is too long", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,40}$/), fc.uint8Array(), (logical, seed) => {
        const { name: invented, problems } = name({ name: logical, seed });
        if (logical.length + 8 > rule.maxLength)
          assert.match(problems.join(), /longer than maximum length 32/);
        else assert.match(String(invented), new RegExp(`^${logical}-[0-9a-f]{7}$`));
      }),
    );
  });

  it("marks what it invented and leaves alone what was given", () => {
    assert.deepEqual(name({}).defaults, ["name"]);
    assert.deepEqual(name({ inputs: { name: "mine" } }), { name: "mine", defaults: undefined, problems: [] });
    assert.deepEqual(name({ inputs: { name: UNKNOWN } }).problems, []);
    assert.equal(name({ inputs: { namePrefix: "p" } }).name, undefined);
  });

  it("keeps an old name only if it was invented", () => {
    assert.equal(name({ oldInputs: { name: "alb-1234567", __defaults: ["name"] } }).name, "alb-1234567");
    assert.notEqual(name({ oldInputs: { name: "given" } }).name, "given");
  });

  it("follows the engine's autonaming", () => {
    assert.equal(name(asking("propose")).name, "Proposed-name-that-is-longer-tha");
    assert.match(name(asking("enforce")).problems.join(), /has 41 characters; AWS allows 1 to 32/);
    assert.match(name(asking("disable")).problems.join(), /AWS requires "name"/);
  });

  it("demands a name where AWS does, and leaves it out where AWS invents one", () => {
    assert.match(name({}, { ...rule, autoname: "required" }).problems.join(), /AWS requires "name"/);
    assert.deepEqual(name({}, { ...rule, autoname: "optional" }), {
      name: undefined,
      defaults: undefined,
      problems: [],
    });
  });
});
