import assert from "node:assert/strict";
import { ratioOf, spreadOf, spreadText } from "../../bench/statistics.ts";

describe("bench/statistics", () => {
  it("takes the middle of an odd number of values, whatever their order", () => {
    assert.deepEqual(spreadOf([10, 2, 9]), { median: 9, least: 2, most: 10 });
  });

  it("takes the mean of the two in the middle of an even number", () => {
    assert.deepEqual(spreadOf([1, 4, 2, 100]), { median: 3, least: 1, most: 100 });
  });

  it("refuses to make a median of nothing", () => {
    assert.throws(() => spreadOf([]), /^RangeError: There is no median of no values\.$/);
  });

  it("compares round by round, so that a slow moment of the machine counts on both sides", () => {
    assert.deepEqual(ratioOf([2, 20, 4], [1, 10, 1]), { median: 2, least: 2, most: 4 });
  });

  it("refuses to compare different numbers of rounds", () => {
    assert.throws(
      () => ratioOf([1, 2], [1]),
      /^RangeError: There are 2 values and 1 to compare them with\.$/,
    );
  });

  it("shows the median before the spread", () => {
    assert.equal(spreadText({ median: 1.416, least: 1.2, most: 2 }), "1.42 (1.20-2.00)");
    assert.equal(spreadText({ median: 1.416, least: 1.2, most: 2 }, 0), "1 (1-2)");
  });
});
