import assert from "node:assert/strict";
import { readCostOptions } from "../../../scripts/cost/options.ts";

describe("the options of npm run cost", () => {
  it("are production's in pounds, without any", () => {
    assert.deepEqual({ ...readCostOptions([]) }, { stack: "production", currency: "GBP", json: false });
  });

  it("are all read", () => {
    const args = ["--stack", "staging", "--diff", "main", "--usage", "u.yaml", "--currency", "USD", "--json"];
    assert.deepEqual(
      { ...readCostOptions(args) },
      { stack: "staging", diff: "main", usage: "u.yaml", currency: "USD", json: true },
    );
  });

  it("that are wrong are an error that says what is allowed, and where the rest stands", () => {
    for (const [args, said] of [
      [
        ["--currency", "EUR"],
        /'EUR' is invalid\. Allowed choices are GBP, USD\.\nSee: npm run cost -- --help$/,
      ],
      [
        ["--stak", "staging"],
        /unknown option '--stak'[\s\S]*Did you mean --stack\?.*\nSee: npm run cost -- --help$/,
      ],
      [["--usage"], /argument missing/],
      [["staging"], /too many arguments/],
    ] as const)
      assert.throws(() => readCostOptions(args), said);
  });
});
