import assert from "node:assert/strict";
import fc from "fast-check";
import { diffInputs } from "../../../sandbox/cloud/diff.ts";
import { UNKNOWN } from "../../../sandbox/cloud/rule.ts";
import type { Inputs, Rule } from "../../../sandbox/cloud/rule.ts";
import type { ResourceDeclaration } from "../../../sandbox/schema/schema.ts";

const declaration: ResourceDeclaration = {
  inputs: {
    name: "string?",
    cidr: "string?",
    zone: "string?",
    tags: "{}string?",
    rules: "[]#x?",
    policy: "string?",
  },
  outputs: {
    name: "string",
    zone: "string",
    cidr: "string?",
    tags: "{}string?",
    rules: "[]#x?",
    policy: "string?",
  },
};

const rule: Rule = {
  name: { property: "name", maxLength: 32, scope: "region", autoname: "hex" },
  id: () => "x",
  computed: () => ({}),
  replaceOn: ["cidr", "rules[*].port"],
  sets: ["rules[*].sources"],
};

function changes(olds: Inputs, news: Inputs): Record<string, string> {
  const { changes: found } = diffInputs(rule, declaration, olds, news);
  return Object.fromEntries(
    [...found].map(([path, { kind, replaces }]) => [path, kind + (replaces ? "!" : "")]),
  );
}

describe("diffInputs", () => {
  it("names added, deleted and updated values by their path", () => {
    assert.deepEqual(
      changes(
        { tags: { a: "1", "x y": "1" }, rules: [{ text: "a" }] },
        { tags: { "x y": "2", b: "1" }, rules: [{ text: "b" }, { text: "c" }] },
      ),
      {
        "tags.a": "delete",
        'tags["x y"]': "update",
        "tags.b": "add",
        "rules[0].text": "update",
        "rules[1]": "add",
      },
    );
  });

  it("replaces on the inputs that force it, nested ones and the name included", () => {
    assert.deepEqual(changes({ cidr: "a" }, { cidr: "b" }), { cidr: "update!" });
    assert.deepEqual(changes({ rules: [{ port: 1 }] }, { rules: [{ port: 2 }] }), {
      "rules[0].port": "update!",
    });
    assert.deepEqual(changes({ name: "a" }, { name: "b" }), { name: "update!" });
    assert.deepEqual(diffInputs(rule, declaration, { cidr: "a" }, { cidr: "b" }).replaces, ["cidr"]);
  });

  it("takes an unknown value for a change", () => {
    assert.deepEqual(changes({ cidr: "a" }, { cidr: UNKNOWN }), { cidr: "update!" });
  });

  it("sees no difference in the order of a set or the layout of JSON", () => {
    assert.deepEqual(changes({ rules: [{ sources: ["a", "b"] }] }, { rules: [{ sources: ["b", "a"] }] }), {});
    assert.deepEqual(changes({ policy: '{"a":1,"b":2}' }, { policy: '{ "b": 2, "a": 1 }' }), {});
  });

  it("sees no difference when a value that AWS also computes is no longer given", () => {
    assert.deepEqual(changes({ zone: "a" }, {}), {});
    assert.deepEqual(changes({ cidr: "a" }, {}), { cidr: "delete!" });
  });

  it("deletes first when a given name stays, not when it was invented", () => {
    const given = { name: "a", cidr: "1" };
    assert.equal(diffInputs(rule, declaration, given, { ...given, cidr: "2" }).deleteBeforeReplace, true);
    const invented = { ...given, __defaults: ["name"] };
    assert.equal(
      diffInputs(rule, declaration, invented, { ...invented, cidr: "2" }).deleteBeforeReplace,
      false,
    );
  });

  it("finds nothing between equal inputs, and something between different ones", () => {
    const inputs = fc.record({
      cidr: fc.option(fc.string(), { nil: undefined }),
      tags: fc.dictionary(fc.string(), fc.string()),
      rules: fc.array(fc.record({ text: fc.string(), sources: fc.uniqueArray(fc.string()) })),
    });
    fc.assert(
      fc.property(inputs, (value) => Object.keys(changes(value, structuredClone(value))).length === 0),
    );
    fc.assert(
      fc.property(inputs, fc.string(), fc.string(), (value, key, text) => {
        fc.pre(value.tags[key] !== text);
        const news = { ...value, tags: { ...value.tags, [key]: text } };
        assert.equal(Object.keys(changes(value, news)).length, 1);
      }),
    );
  });
});
