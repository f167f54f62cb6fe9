import assert from "node:assert/strict";
import fc from "fast-check";
import { isWorld } from "../../policies/core/addresses.ts";

describe("isWorld", () => {
  const world = [
    ["0.0.0.0/0"],
    ["::/0"],
    ["0.0.0.0/1"],
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["128.0.0.0/2", "0.0.0.0/2"],
    ["2000::/3"],
    ["2000::/4"],
    ["::ffff:0:0/96"],
    ["not a block", "0.0.0.0/0"],
  ];
  for (const cidrs of world) it(`holds for ${cidrs.join(" and ")}`, () => assert.ok(isWorld(cidrs)));

  const narrower = [
    [],
    ["10.0.0.0/8"],
    ["0.0.0.0/2"],
    ["0.0.0.0/2", "0.0.0.0/2"],
    ["fc00::/7"],
    ["2001:db8::/32"],
    ["x"],
  ];
  for (const cidrs of narrower) {
    it(`does not hold for ${cidrs.join(" and ") || "nothing"}`, () => assert.ok(!isWorld(cidrs)));
  }

  it("holds for the world cut into any pieces", () => {
    /** Splits 0.0.0.0/0 as a binary tree by the drawn decisions, at most 8 levels deep. */
    const cut = (address: number, prefix: number, decisions: Iterator<boolean>): string[] =>
      prefix < 8 && decisions.next().value === true
        ? [
            ...cut(address, prefix + 1, decisions),
            ...cut(address + 2 ** (31 - prefix), prefix + 1, decisions),
          ]
        : [`${[24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".")}/${prefix}`];
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (decisions) => {
        const pieces = cut(0, 0, decisions[Symbol.iterator]());
        return isWorld(pieces) && isWorld(pieces.toReversed());
      }),
    );
  });
});
