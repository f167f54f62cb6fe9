import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policies/rules.ts";
import { gapsOf } from "./gaps.ts";
import { described } from "./harness.ts";
import { describedStacks, stackGapsOf } from "./stack-cases.ts";

// One file of cases a service or topic. They are loaded together, so that what they leave out shows.
const folder = join(import.meta.dirname, "rules");
for (const file of readdirSync(folder)) await import(join(folder, file));

describe("rules", () => {
  it("have names of their own", () => {
    const names = rules.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("each have a compliant resource of each type, and a mutation, an unknown and an absent variant of what they guard", () => {
    const gaps = rules.flatMap((rule) =>
      "checks" in rule
        ? gapsOf(rule, described.get(rule) ?? [])
        : stackGapsOf(rule, describedStacks.get(rule) ?? []),
    );
    assert.deepEqual(gaps, []);
  });
});
