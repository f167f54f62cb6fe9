import assert from "node:assert/strict";
import fc from "fast-check";
import { Reachability, showPath, type Passage, type Place } from "../../policies/core/reachability.ts";

/** One address of each kind that the blocks below tell apart. */
const INTERNET = ["1.2.3.4", "200.1.1.1"];
const BLOCKS = [
  "0.0.0.0/0",
  "0.0.0.0/1",
  "128.0.0.0/1",
  "10.0.0.0/8",
  "10.0.1.0/24",
  "10.0.2.0/24",
  "1.2.3.4/32",
];
const PORTS = [22, 80, 443, 5432];
const PROTOCOLS = ["tcp", "udp"];
const GROUPS = ["a", "b", "c", "d"];

const passage = fc.record<Passage>({
  group: fc.constantFrom(...GROUPS),
  direction: fc.constantFrom("in", "out"),
  protocol: fc.constantFrom("tcp", "udp", "-1"),
  from: fc.constantFrom(0, 22, 80, 443),
  to: fc.constantFrom(22, 80, 443, 5432, 65535),
  groups: fc.subarray(GROUPS, { maxLength: 2 }),
  cidrs: fc.subarray(BLOCKS, { maxLength: 2 }),
  by: fc.constant("rule"),
});

/** A place and the one address that it has. */
interface Host extends Place {
  address: string;
}

const hosts = fc
  .array(
    fc.record({
      groups: fc.subarray(GROUPS, { minLength: 1, maxLength: 2 }),
      subnet: fc.constantFrom("10.0.1", "10.0.2", "10.9.9"),
      isPublic: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((entries) =>
    entries.map(({ groups, subnet, isPublic }, index): Host => ({
      name: `host${index}`,
      groups,
      // The oracle's packets come from single addresses, so the subnets are as small.
      networks: [`${subnet}.${index + 4}/32`],
      address: `${subnet}.${index + 4}`,
      door: isPublic ? "gateway" : undefined,
    })),
  );

function number(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function lies(address: string, block: string): boolean {
  const [base = "", length = "32"] = block.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

/** Sends single packets through the rules, one by one. */
function oracle(places: Host[], passages: Passage[]): Set<string> {
  const matches = (rule: Passage, protocol: string, port: number): boolean =>
    (rule.protocol === "-1" || rule.protocol === protocol) && rule.from <= port && port <= rule.to;
  const enters = (to: Host, from: Host | string, protocol: string, port: number): boolean =>
    passages.some(
      (rule) =>
        rule.direction === "in" &&
        to.groups.includes(rule.group) &&
        matches(rule, protocol, port) &&
        (typeof from === "string"
          ? rule.cidrs.some((block) => lies(from, block))
          : rule.groups.some((group) => from.groups.includes(group)) ||
            rule.cidrs.some((block) => lies(from.address, block))),
    );
  const leaves = (from: Host, to: Host, protocol: string, port: number): boolean =>
    passages.some(
      (rule) =>
        rule.direction === "out" &&
        from.groups.includes(rule.group) &&
        matches(rule, protocol, port) &&
        (rule.groups.some((group) => to.groups.includes(group)) ||
          rule.cidrs.some((block) => lies(to.address, block))),
    );
  const every = PROTOCOLS.flatMap((protocol) =>
    [...PORTS, 0, 65535, 1000].map((port): [string, number] => [protocol, port]),
  );
  const reached = new Set(
    places
      .filter(
        (place) =>
          place.door !== undefined &&
          INTERNET.some((address) =>
            every.some(([protocol, port]) => enters(place, address, protocol, port)),
          ),
      )
      .map(({ name }) => name),
  );
  // As often as there are places: the longest path visits each once.
  for (let round = 0; round < places.length; round++) {
    for (const from of places) {
      if (!reached.has(from.name)) continue;
      for (const to of places) {
        if (from === to) continue;
        if (
          every.some(
            ([protocol, port]) => leaves(from, to, protocol, port) && enters(to, from, protocol, port),
          )
        )
          reached.add(to.name);
      }
    }
  }
  return reached;
}

describe("Reachability", () => {
  it("agrees with single packets sent through random groups and rules", () => {
    let [some, none] = [0, 0];
    fc.assert(
      fc.property(hosts, fc.array(passage, { maxLength: 14 }), (places, rules) => {
        const passages = rules.filter(({ from, to }) => from <= to);
        const reach = new Reachability(places, passages);
        const expected = oracle(places, passages);
        for (const { name } of places) {
          const path = reach.pathTo(name);
          assert.equal(path !== undefined, expected.has(name), name);
          if (path) some++;
          else none++;
          for (const [index, step] of (path ?? []).entries())
            assert.equal(step.source, index === 0 ? undefined : path?.[index - 1]?.target, "steps join");
          if (path) assert.equal(path.at(-1)?.target, name);
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(some > 100 && none > 100, `both happen: ${some}, ${none}`);
  });

  it("shows a path step by step", () => {
    const places = [
      { name: "balancer", groups: ["a"], networks: [], door: "route public" },
      { name: "api", groups: ["b"], networks: [], door: undefined },
    ];
    const tcp = { protocol: "tcp", cidrs: [], groups: [] };
    const reach = new Reachability(places, [
      { ...tcp, group: "a", direction: "in", from: 443, to: 443, cidrs: ["0.0.0.0/0"], by: "rule web" },
      {
        ...tcp,
        group: "a",
        direction: "out",
        protocol: "-1",
        from: 0,
        to: 65535,
        groups: ["b"],
        by: "rule out",
      },
      { ...tcp, group: "b", direction: "in", from: 3000, to: 3010, groups: ["a"], by: "rule api" },
    ]);
    assert.equal(
      showPath(reach.pathTo("api") ?? []),
      "internet -> balancer (tcp 443, route public, rule web) -> api (tcp 3000-3010, rule api)",
    );
  });
});
