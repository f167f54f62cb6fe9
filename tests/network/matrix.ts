import assert from "node:assert/strict";
import type { Recording, Registered } from "../components/mocks.ts";

/** One end of a way: a security group, or addresses. */
export type End = { group: string } | { addresses: string };

/** A way that security groups leave open. */
export interface Way {
  from: End;
  to: End;
  /** `tcp 5432`. */
  port: string;
  /** As both rules' descriptions give it. */
  reason: string;
}

/** A security group and who wears it. */
export interface Group {
  /** Logical name. */
  name: string;
  description: string;
  /** As `resourceName` has them. */
  worn: readonly string[];
  /** The tiers of subnets in which its wearers lie. */
  tiers: readonly Tier[];
}

const TIERS = ["public", "private", "isolated"] as const;
export type Tier = (typeof TIERS)[number];

/** A rule of a network access control list. */
export interface AclRule {
  direction: "in" | "out";
  addresses: string;
  port: string;
  action: string;
}

/** All that decides who reaches whom in one stack's network. */
export interface Matrix {
  groups: readonly Group[];
  ways: readonly Way[];
  acl: readonly AclRule[];
}

/** A rule of a group. */
interface Rule {
  direction: "ingress" | "egress";
  group: string;
  peer: End;
  port: string;
  description: string;
}

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DIRECTIONS: Record<string, Rule["direction"]> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
};
/** Other ways to write rules, which this file does not read. */
const OTHER_RULES = ["aws:ec2/securityGroupRule:SecurityGroupRule"];

/**
 * Computes who reaches whom from what a program registered.
 *
 * @throws AssertionError for a rule that is inline, of a kind that this does not read, or open on one side alone
 */
export function matrixOf(recording: Recording): Matrix {
  assertNoOtherRules(recording);
  const groups = recording.all(GROUP).map((group) => describe(group, recording));
  groups.sort((one, other) => rankOf(one).localeCompare(rankOf(other)));
  const rules = recording.resources.flatMap((resource) => ruleOf(resource, recording));
  const place = (end: End): number =>
    "group" in end ? groups.findIndex(({ name }) => name === end.group) : -1;
  const ways = waysOf(rules).sort(
    (one, other) =>
      place(one.from) - place(other.from) ||
      place(one.to) - place(other.to) ||
      one.port.localeCompare(other.port, "en", { numeric: true }),
  );
  return { groups, ways, acl: aclRules(recording) };
}

/** Who stands at the other end of a way that is open to all addresses. */
export const internet = "internet";

/** What tables and pictures call an end. */
export function endName(end: End): string {
  if ("group" in end) return end.group;
  return ["0.0.0.0/0", "::/0"].includes(end.addresses) ? internet : end.addresses;
}

/** What tables and pictures call a resource: `ecs Service "api"`. */
export function resourceName({ type, name }: Registered): string {
  return `${type.replace(/^aws:(\w+)\/.*:(\w+)$/, "$1 $2")} "${name}"`;
}

/** From the outside inwards, whatever the order in which the program registers. */
function rankOf({ name, tiers }: Group): string {
  const [tier = "none"] = tiers;
  return `${[...TIERS, "none"].indexOf(tier)} ${name}`;
}

function assertNoOtherRules(recording: Recording): void {
  for (const { type, name, inputs } of recording.resources) {
    assert.ok(!OTHER_RULES.includes(type), `${name} is a ${type}: use standalone ingress and egress rules`);
    if (!/SecurityGroup$/.test(type)) continue;
    assert.deepEqual(
      [inputs["ingress"], inputs["egress"]],
      [undefined, undefined],
      `${name} has inline rules`,
    );
  }
}

function describe({ name, inputs }: Registered, recording: Recording): Group {
  const wearers = recording.resources.filter(
    (resource) => !(resource.type in DIRECTIONS) && strings(resource.inputs).includes(idOf(name)),
  );
  const tiers = wearers.flatMap((wearer) => tiersOf(wearer, recording));
  return {
    name,
    description: String(inputs["description"]),
    worn: wearers.map(resourceName),
    tiers: [...new Set(tiers)],
  };
}

/** RDS and ElastiCache name their subnets by a group of them. */
function tiersOf({ inputs }: Registered, recording: Recording): Tier[] {
  const own = strings(inputs);
  const subnetGroups = recording.resources.filter(
    ({ type, name }) => type.endsWith(":SubnetGroup") && own.includes(`${name}-1a2b3c4`),
  );
  return [...own, ...subnetGroups.flatMap((group) => strings(group.inputs))].flatMap((text) =>
    TIERS.filter((tier) => text.startsWith(`subnet-${tier}-`)),
  );
}

function ruleOf({ type, name, inputs }: Registered, recording: Recording): Rule[] {
  const direction = DIRECTIONS[type];
  if (!direction) return [];
  const { securityGroupId, referencedSecurityGroupId, cidrIpv4, cidrIpv6, prefixListId } = inputs;
  const addresses = cidrIpv4 ?? cidrIpv6 ?? prefixListId;
  assert.ok(referencedSecurityGroupId ?? addresses, `${name} names no peer`);
  const groupNamed = (id: unknown): string => {
    const group = recording.all(GROUP).find((candidate) => idOf(candidate.name) === id);
    assert.ok(group, `${name} names a group that is none of the stack's: ${String(id)}`);
    return group.name;
  };
  return [
    {
      direction,
      group: groupNamed(securityGroupId),
      peer:
        referencedSecurityGroupId === undefined
          ? { addresses: String(addresses) }
          : { group: groupNamed(referencedSecurityGroupId) },
      port: portOf(inputs),
      description: typeof inputs["description"] === "string" ? inputs["description"] : "",
    },
  ];
}

/** Pairs each group's rule with its peer's; what faces addresses stands alone. */
function waysOf(rules: readonly Rule[]): Way[] {
  const asWay = ({ direction, group, peer, port, description }: Rule): Way => ({
    ...(direction === "egress" ? { from: { group }, to: peer } : { from: peer, to: { group } }),
    port,
    reason: description,
  });
  const key = (way: Way): string => JSON.stringify([way.from, way.to, way.port, way.reason]);
  const sides = Map.groupBy(rules, (rule) => key(asWay(rule)));
  return [...sides.values()].map((pair) => {
    const [rule] = pair;
    assert.ok(rule);
    const wanted = "group" in rule.peer ? ["egress", "ingress"] : [rule.direction];
    assert.deepEqual(
      pair.map(({ direction }) => direction).sort(),
      wanted,
      `open on one side alone, or twice: ${key(asWay(rule))}`,
    );
    return asWay(rule);
  });
}

function aclRules(recording: Recording): AclRule[] {
  const rules = recording.all("aws:ec2/networkAclRule:NetworkAclRule");
  // As the list applies them: by their numbers.
  const number = ({ inputs }: Registered): number => Number(inputs["ruleNumber"]);
  return rules
    .sort((one, other) => number(one) - number(other))
    .map(({ inputs }) => ({
      direction: inputs["egress"] === true ? "out" : "in",
      addresses: String(inputs["cidrBlock"]),
      port: portOf(inputs),
      action: String(inputs["ruleAction"]),
    }));
}

function portOf(inputs: Registered["inputs"]): string {
  const { fromPort, toPort } = inputs as Record<string, number | undefined>;
  const protocol = String(inputs["ipProtocol"] ?? inputs["protocol"]);
  if (fromPort === undefined || toPort === undefined) return protocol === "-1" ? "all" : protocol;
  return `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
}

/** As the mocks give it (tests/components/mocks.ts). */
function idOf(name: string): string {
  return `${name}-id`;
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(strings);
}
