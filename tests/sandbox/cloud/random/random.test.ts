import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import fc from "fast-check";
import { contextOf } from "../../../../sandbox/cloud/context.ts";
import { rules } from "../../../../sandbox/cloud/random/index.ts";
import type { Inputs, Outputs } from "../../../../sandbox/cloud/rule.ts";
import { Store } from "../../../../sandbox/cloud/store.ts";

const empty = new Store(join(tmpdir(), "macro-ai-no-such-cloud.json"));

function make(kind: string, inputs: Inputs): { id: string; outputs: Outputs } {
  const type = `random:index/random${kind}:Random${kind}`;
  const rule = rules[type];
  assert.ok(rule, type);
  const seed = randomBytes(32).toString("hex");
  const subject = {
    type,
    urn: `urn:pulumi:test::macro-ai::${type}::test`,
    inputs,
    region: "us-east-1",
    seed,
    createdAt: "",
  };
  const context = contextOf(empty, subject);
  return { id: rule.id(context), outputs: rule.computed(context) };
}

function problems(kind: string, inputs: Inputs): string[] {
  const found = rules[`random:index/random${kind}:Random${kind}`]?.check?.(inputs) ?? [];
  return found.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the random provider of the stand-in cloud", () => {
  it("makes texts of the length and with the least of each set that is asked for", () => {
    const least = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 40 }),
        least,
        least,
        least,
        least,
        (length, minLower, minUpper, minNumeric, minSpecial) => {
          const { id, outputs } = make("String", { length, minLower, minUpper, minNumeric, minSpecial });
          const result = String(outputs["result"]);
          const among = (pattern: RegExp) => result.match(pattern)?.length ?? 0;
          assert.equal(result.length, length);
          assert.equal(id, result);
          assert.ok(among(/[a-z]/g) >= minLower && among(/[A-Z]/g) >= minUpper);
          assert.ok(among(/\d/g) >= minNumeric && among(/[^a-zA-Z0-9]/g) >= minSpecial);
        },
      ),
    );
  });

  it("leaves out the sets that are switched off", () => {
    assert.match(
      String(make("String", { length: 64, special: false, upper: false }).outputs["result"]),
      /^[a-z0-9]{64}$/,
    );
    assert.match(
      String(
        make("String", { length: 64, overrideSpecial: "#", lower: false, upper: false, numeric: false })
          .outputs["result"],
      ),
      /^#{64}$/,
    );
    assert.deepEqual(
      problems("String", { length: 8, special: false, upper: false, lower: false, numeric: false }),
      ["lower: at least one of lower, upper, numeric and special must be true"],
    );
    assert.deepEqual(problems("Password", { length: 3, minLower: 2, minUpper: 2 }), [
      "length: expected at least the sum of minLower, minUpper, minNumeric and minSpecial (4), got 3",
    ]);
  });

  it("hashes a password as bcrypt does and tells it by no id", () => {
    const { id, outputs } = make("Password", { length: 20 });
    assert.equal(id, "none");
    assert.ok(bcrypt.compareSync(String(outputs["result"]), String(outputs["bcryptHash"])));
    assert.notEqual(outputs["result"], make("Password", { length: 20 }).outputs["result"]);
  }).timeout(20000);

  it("gives one value in all its forms", () => {
    const { id, outputs } = make("Id", { byteLength: 8, prefix: "x-" });
    const hex = String(outputs["hex"]).slice(2);
    assert.match(hex, /^[0-9a-f]{16}$/);
    assert.equal(outputs["dec"], `x-${BigInt(`0x${hex}`)}`);
    assert.equal(outputs["b64Url"], `x-${id}`);
    const bytes = make("Bytes", { length: 16 });
    assert.equal(
      Buffer.from(String(bytes.outputs["base64"]), "base64").toString("hex"),
      bytes.outputs["hex"],
    );
    assert.equal(bytes.id, "none");
  });

  it("keeps integers, shuffles, UUIDs and names to what was asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 5 }), (min, span) => {
        const { id, outputs } = make("Integer", { min, max: min + span });
        assert.ok(Number(outputs["result"]) >= min && Number(outputs["result"]) <= min + span);
        assert.equal(id, String(outputs["result"]));
      }),
    );
    const results = make("Shuffle", { inputs: ["a", "b", "c"], resultCount: 5 }).outputs[
      "results"
    ] as string[];
    assert.equal(results.length, 5);
    assert.deepEqual(new Set(results), new Set(["a", "b", "c"]));
    assert.match(
      make("Uuid", {}).id,
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.match(make("Pet", { length: 3, prefix: "macro" }).id, /^macro-[a-z]+-[a-z]+-[a-z]+$/);
  });

  it("replaces on every argument and on keepers", () => {
    for (const [type, { replaceOn }] of Object.entries(rules))
      assert.ok(replaceOn?.includes("keepers"), type);
  });
});
