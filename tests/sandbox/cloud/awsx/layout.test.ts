import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, overlaps, parseBlock } from "../../../../sandbox/cloud/aws/cidr.ts";
import { layOutSubnets, normalizeSpecs } from "../../../../sandbox/cloud/awsx/layout.ts";
import type { SubnetSpec } from "../../../../sandbox/cloud/awsx/layout.ts";

const threeTiers: readonly SubnetSpec[] = [
  { type: "Public", cidrMask: 24 },
  { type: "Private", cidrMask: 24 },
  { type: "Isolated", cidrMask: 28 },
];

function blocks(request: Parameters<typeof layOutSubnets>[0]): string[] {
  return layOutSubnets(request).map(({ cidrBlock }) => cidrBlock);
}

/** Specs that fit into a /20 in any order. */
const specs = fc.array(
  fc.record({
    type: fc.constantFrom("Public", "Private", "Isolated"),
    cidrMask: fc.integer({ min: 24, max: 28 }),
  }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe("the layout of awsx's subnets", () => {
  it("is that of pulumi-awsx", () => {
    assert.deepEqual(blocks({ vpcCidr: "10.0.0.0/16", zones: 3, zoneMask: 20, specs: threeTiers }), [
      ...["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/28"],
      ...["10.0.16.0/24", "10.0.17.0/24", "10.0.18.0/28"],
      ...["10.0.32.0/24", "10.0.33.0/24", "10.0.34.0/28"],
    ]);
  });

  it("starts each subnet at the first address aligned to its own mask", () => {
    const mixed = [
      { type: "Isolated", cidrMask: 28 },
      { type: "Private", cidrMask: 24 },
    ];
    assert.deepEqual(blocks({ vpcCidr: "10.0.0.0/16", zones: 1, zoneMask: 20, specs: mixed }), [
      "10.0.0.0/28",
      "10.0.1.0/24",
    ]);
  });

  it("lays out a private and a public subnet when no specs are given", () => {
    assert.deepEqual(blocks({ vpcCidr: "10.0.0.0/16", zones: 3 }), [
      ...["10.0.0.0/19", "10.0.32.0/20", "10.0.64.0/19", "10.0.96.0/20", "10.0.128.0/19", "10.0.160.0/20"],
    ]);
  });

  it("never overlaps, and stays inside the zone", () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 1, max: 6 }), (wanted, zones) => {
        const placed = layOutSubnets({ vpcCidr: "10.0.0.0/16", zones, zoneMask: 19, specs: wanted });
        const parsed = placed.map(({ cidrBlock }) => parseBlock(cidrBlock));
        assert.equal(placed.length, wanted.length * zones);
        for (const [index, block] of parsed.entries()) {
          const zone = parseBlock(`10.0.${(placed[index]?.zone ?? 0) * 32}.0/19`);
          assert.ok(contains(zone, block));
          assert.ok(parsed.every((other, at) => at === index || !overlaps(other, block)));
        }
      }),
    );
  });

  it("moves no subnet when a zone is added and the zones' mask is given", () => {
    fc.assert(
      fc.property(specs, fc.integer({ min: 1, max: 7 }), (wanted, zones) => {
        const before = blocks({ vpcCidr: "10.0.0.0/16", zones, zoneMask: 19, specs: wanted });
        const after = blocks({ vpcCidr: "10.0.0.0/16", zones: zones + 1, zoneMask: 19, specs: wanted });
        assert.deepEqual(after.slice(0, before.length), before);
      }),
    );
  });

  it("renumbers at a fifth zone, not at a fourth, when no mask is given", () => {
    const of = (zones: number) => blocks({ vpcCidr: "10.0.0.0/16", zones, specs: threeTiers });
    assert.deepEqual(of(4).slice(0, 9), of(3));
    assert.notDeepEqual(of(5).slice(0, 9), of(3));
  });

  it("refuses what does not fit", () => {
    assert.throws(
      () => blocks({ vpcCidr: "10.0.0.0/24", zones: 3, specs: threeTiers }),
      /Subnets are too large for VPC/,
    );
    assert.throws(
      () => blocks({ vpcCidr: "10.0.0.1/16", zones: 1 }),
      /has host bits set: the block would be 10\.0\.0\.0\/16/,
    );
    assert.throws(() => blocks({ vpcCidr: "10.0.0.0/25", zones: 4 }), /at least \/26 available per AZ/);
  });

  it("collects every problem of the specs", () => {
    assert.throws(
      () =>
        normalizeSpecs(
          [
            { type: "Public", size: 100 },
            { type: "Public", cidrMask: 24, size: 128 },
          ],
          3,
        ),
      /require unique names\n - subnetSpecs\[0\]\.size must be a power of two, got 100\n - subnetSpecs\[1\]\.size 128 does not match \/24 \(256\)/,
    );
    assert.deepEqual(normalizeSpecs([{ type: "Public", size: 256 }], 3), [
      { type: "Public", size: 256, cidrMask: 24 },
    ]);
  });
});
