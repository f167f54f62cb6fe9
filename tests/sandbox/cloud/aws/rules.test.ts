import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rules } from "../../../../sandbox/cloud/aws/index.ts";
import { contextOf } from "../../../../sandbox/cloud/context.ts";
import type { Context, Inputs } from "../../../../sandbox/cloud/rule.ts";
import { Store } from "../../../../sandbox/cloud/store.ts";
import { parseProperty } from "../../../../sandbox/schema/kinds.ts";
import { loadSchema } from "../../../../sandbox/schema/schema.ts";
import { sampleInputs, watched } from "./sample.ts";

const schema = loadSchema("aws");
const empty = new Store(join(tmpdir(), "macro-ai-no-such-cloud.json"));

function contextFor(type: string, inputs: Inputs, id = ""): Context {
  const subject = { type, inputs, region: "us-east-1", seed: "5eed", createdAt: "2026-01-02T03:04:05.678Z" };
  return contextOf(empty, { ...subject, urn: `urn:pulumi:test::macro-ai::${type}::sample`, id });
}

const ARN = /^arn:aws:[a-z0-9-]+:(us-east-1)?:(123456789012|aws)?:\S+$/;

describe("every AWS rule", () => {
  for (const [type, rule] of Object.entries(rules)) {
    const declaration = schema.resources[type];
    if (declaration === undefined) continue;
    for (const which of ["required", "all"] as const) {
      const given = sampleInputs(declaration, schema.types, which);
      const { name } = rule;
      const inputs: Inputs =
        name === undefined || name.autoname === "optional" ? given : { ...given, [name.property]: "sample" };
      const id = rule.id(contextFor(type, inputs));
      const computed = rule.computed(contextFor(type, inputs, id));

      it(`${type}: ids and outputs have the right shape (${which} inputs)`, () => {
        assert.match(id, /^\S.*$/);
        assert.doesNotMatch(JSON.stringify([id, computed]), /undefined|NaN|\[object /);
        assert.equal(rule.id(contextFor(type, inputs)), id);
        for (const [property, value] of Object.entries(computed)) {
          assert.ok(property in declaration.outputs, `${property} is no output`);
          assert.notEqual(value, undefined, property);
          if (property === "arn" && typeof value === "string" && declaration.inputs["arn"] === undefined)
            assert.match(value, ARN);
        }
      });
    }

    it(`${type}: gives every output that is always set`, () => {
      const inputs = sampleInputs(declaration, schema.types, "required");
      const outputs = {
        region: "",
        tagsAll: {},
        ...rule.defaults,
        ...rule.computed(contextFor(type, inputs, "x")),
        ...inputs,
      };
      const properties = new Set([rule.name?.property, ...Object.keys(outputs)]);
      const missing = Object.entries(declaration.outputs)
        .filter(([property, text]) => !parseProperty(text).optional && !properties.has(property))
        .map(([property]) => property);
      assert.deepEqual(missing, []);
    });

    it(`${type}: checks only what the SDK declares, at any depth`, () => {
      const asked = new Set<string>();
      rule.check?.(watched(sampleInputs(declaration, schema.types, "all"), asked));
      // Tags are checked alike for all types.
      asked.delete("tags");
      assert.deepEqual([...asked], []);
    });
  }
});
