import assert from "node:assert/strict";
import fc from "fast-check";
import {
  covers,
  coversAction,
  isEveryAction,
  isEveryActionOfService,
  literalStart,
} from "../../policies/core/wildcards.ts";

/** What a pattern matches, by its definition: every way to spend each wildcard is tried. */
function matches(pattern: string, text: string): boolean {
  const [first, ...others] = pattern;
  const rest = others.join("");
  if (first === undefined) return text === "";
  if (first === "*") return matches(rest, text) || (text !== "" && matches(pattern, text.slice(1)));
  return text !== "" && (first === "?" || first === text[0]) && matches(rest, text.slice(1));
}

const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 7 });
const patterns = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });

/** Every text of these letters up to a length: more letters than the patterns have, so that a wildcard's is none of theirs. */
function every(letters: string[], length: number): string[] {
  if (length === 0) return [""];
  const shorter = every(letters, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => letters.map((letter) => text + letter))];
}
const all = every(["a", "b", "c"], 6);

describe("covers", () => {
  it("matches texts as the definition says", () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        assert.equal(covers(pattern, text), matches(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it("covers a pattern only if it matches each text that the pattern matches", () => {
    const short = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });
    fc.assert(
      fc.property(short, short, (pattern, other) => {
        fc.pre(covers(pattern, other));
        assert.ok(all.filter((text) => matches(other, text)).every((text) => matches(pattern, text)));
      }),
      { numRuns: 200 },
    );
    for (const [pattern, other] of [
      ["s3:*", "s3:Get*"],
      ["s3:*", "s3:*"],
      ["*?", "?*"],
      ["s3:?et*", "s3:Get*"],
      ["*", "?"],
    ] as const)
      assert.ok(covers(pattern, other), `${pattern} and ${other}`);
  });

  it("needs no time that grows with the number of wildcards", () => {
    assert.equal(covers(`${"*a".repeat(200)}*b`, "a".repeat(5000)), false);
  });
});

describe("actions", () => {
  it("tell no case apart", () => {
    assert.ok(coversAction("SecretsManager:getsecretvalu?", "secretsmanager:GetSecretValue"));
    assert.ok(!coversAction("s3:Get?bject", "s3:GetBucket"));
  });

  it("are every action, or every action of a service, however that is written", () => {
    for (const pattern of ["*", "*:*", "?*", "**", "*?:*", "*:?*"]) {
      assert.ok(isEveryAction(pattern), pattern);
      assert.ok(!isEveryActionOfService(pattern), pattern);
    }
    for (const pattern of ["s3:*", "s3:?*", "s3:*?", "s3:**", "rds-db:*"]) {
      assert.ok(isEveryActionOfService(pattern), pattern);
      assert.ok(!isEveryAction(pattern), pattern);
    }
    for (const pattern of ["s3:Get*", "s3:*Object", "s3:GetObject", "s3:?"]) {
      assert.ok(!isEveryActionOfService(pattern), pattern);
      assert.ok(!isEveryAction(pattern), pattern);
    }
  });
});

describe("literalStart", () => {
  it("begins every text that the pattern matches", () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        fc.pre(matches(pattern, text));
        assert.ok(text.startsWith(literalStart(pattern)));
      }),
    );
    assert.equal(literalStart("repo:macro/ai:*"), "repo:macro/ai:");
  });
});
