import assert from "node:assert/strict";
import { readSweepOptions } from "./options.ts";
import { forecast } from "./record.ts";

describe("options of the sweep", () => {
  it("are by default one failure of each creation of both stacks", () => {
    assert.deepEqual(readSweepOptions([]), {
      stacks: ["staging", "production"],
      kinds: ["error"],
      pace: "waves",
      minutes: Infinity,
      isFresh: false,
    });
  });

  it("can be repeated", () => {
    const args = "--stack a --kind die --stack b --kind error --stack a --one-by-one --minutes 5 --fresh";
    assert.deepEqual(readSweepOptions(args.split(" ")), {
      stacks: ["a", "b"],
      kinds: ["die", "error"],
      pace: "one by one",
      minutes: 5,
      isFresh: true,
    });
  });

  for (const [line, problem] of [
    ["--kind eror", /'eror' is invalid\. Allowed are error, error-after, timeout, die\.\nSee: .* --help$/],
    ["--minutes 0", /'0' is invalid\. Allowed is a whole number from 1\./],
    ["--stak a", /unknown option '--stak'/],
    ["staging", /too many arguments/],
  ] as const) {
    it(`say what is wrong with "${line}"`, () => {
      assert.throws(() => readSweepOptions(line.split(" ")), problem);
    });
  }
});

describe("forecast of a sweep", () => {
  const record = { updates: 3, problems: [], milliseconds: 60_000 };

  it("takes the pace so far for that of the rest", () => {
    assert.equal(forecast({ ...record, planned: ["a", "b", "c", "d"], struck: ["a"] }), 180_000);
  });

  it("is none before anything was struck", () => {
    assert.equal(forecast({ ...record, planned: ["a"], struck: [] }), undefined);
  });
});
