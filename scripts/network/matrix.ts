import assert from "node:assert/strict";
import type { Program, Registered } from "../program.ts";

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
  /** What could not be read of it. */
  unreadable: string[];
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
export function matrixOf(program: Program): Matrix {
  const { problems, ...matrix } = readMatrix(program);
  assert.deepEqual(problems, []);
  return matrix;
}

/** As {@link matrixOf}, with the rules that it cannot take in as sentences. */
export function readMatrix(program: Program): Matrix & { problems: readonly string[] } {
  const groups = program.all(GROUP).map((group) => describe(group, program));
  groups.sort((one, other) => rankOf(one).localeCompare(rankOf(other)));
  const rules = program.resources.flatMap((resource) => ruleOf(resource, program));
  const place = (end: End): number =>
    "group" in end ? groups.findIndex(({ name }) => name === end.group) : -1;
  const { ways, problems } = waysOf(rules);
  ways.sort(
    (one, other) =>
      place(one.from) - place(other.from) ||
      place(one.to) - place(other.to) ||
      one.port.localeCompare(other.port, "en", { numeric: true }),
  );
  const foreign = rules.flatMap(({ unreadable }) => unreadable);
  return {
    groups,
    ways,
    acl: aclRules(program),
    problems: [...otherRules(program), ...foreign, ...problems],
  };
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

function otherRules(program: Program): string[] {
  return program.resources.flatMap(({ type, name, inputs }) => {
    if (OTHER_RULES.includes(type)) return `${name} is a ${type}: use standalone ingress and egress rules`;
    const isInline = /SecurityGroup$/.test(type) && (inputs["ingress"] ?? inputs["egress"]) !== undefined;
    return isInline ? `${name} has inline rules` : [];
  });
}

function describe(group: Registered, program: Program): Group {
  const wearers = program.resources.filter(
    (resource) => !(resource.type in DIRECTIONS) && resource.custom && refersTo(resource, group),
  );
  const tiers = wearers.flatMap((wearer) => tiersOf(wearer, program));
  return {
    name: group.name,
    description: String(group.inputs["description"]),
    worn: wearers.map(resourceName),
    tiers: [...new Set(tiers)],
  };
}

/** By the id, or, where a preview does not know it yet, by where the inputs come from. */
function refersTo({ inputs, options }: Registered, { id, urn }: Registered): boolean {
  if (id !== undefined) return strings(inputs).includes(id);
  return Object.values(options.propertyDependencies).some((sources) => sources.includes(urn));
}

/** RDS and ElastiCache name their subnets by a group of them. */
function tiersOf({ inputs, options }: Registered, program: Program): Tier[] {
  const sources = Object.values(options.propertyDependencies).flat();
  const subnetGroups = program.resources.filter(
    ({ type, urn }) => type.endsWith(":SubnetGroup") && sources.includes(urn),
  );
  const names = new Map(program.all("aws:ec2/subnet:Subnet").map(({ id, name }) => [id, name]));
  return [...strings(inputs), ...subnetGroups.flatMap((group) => strings(group.inputs))].flatMap((text) =>
    // awsx names subnets by their tier.
    TIERS.filter((tier) => (names.get(text) ?? text).includes(`-${tier}-`) && text.startsWith("subnet-")),
  );
}

function ruleOf({ type, name, inputs, options }: Registered, program: Program): Rule[] {
  const direction = DIRECTIONS[type];
  if (!direction) return [];
  const { cidrIpv4, cidrIpv6, prefixListId } = inputs;
  const addresses = cidrIpv4 ?? cidrIpv6 ?? prefixListId;
  const unreadable: string[] = [];
  const groupAt = (input: string): string => {
    const sources = options.propertyDependencies[input] ?? [];
    const group = program
      .all(GROUP)
      .find(({ id, urn }) => (id === undefined ? sources.includes(urn) : id === inputs[input]));
    if (group) return group.name;
    const given = String(inputs[input]);
    unreadable.push(`${name} names a group that is none of the stack's: ${given}`);
    return given;
  };
  if (inputs["referencedSecurityGroupId"] === undefined && addresses === undefined)
    unreadable.push(`${name} names no peer`);
  return [
    {
      direction,
      group: groupAt("securityGroupId"),
      peer:
        inputs["referencedSecurityGroupId"] === undefined
          ? { addresses: String(addresses) }
          : { group: groupAt("referencedSecurityGroupId") },
      port: portOf(inputs),
      description: typeof inputs["description"] === "string" ? inputs["description"] : "",
      unreadable,
    },
  ];
}

/** Pairs each group's rule with its peer's; what faces addresses stands alone. */
function waysOf(rules: readonly Rule[]): { ways: Way[]; problems: string[] } {
  const asWay = ({ direction, group, peer, port, description }: Rule): Way => ({
    ...(direction === "egress" ? { from: { group }, to: peer } : { from: peer, to: { group } }),
    port,
    reason: description,
  });
  const key = (way: Way): string => JSON.stringify([way.from, way.to, way.port, way.reason]);
  const problems: string[] = [];
  const ways = [...Map.groupBy(rules, (rule) => key(asWay(rule)))].flatMap(([shown, sides]) => {
    const [rule] = sides;
    if (!rule) return [];
    const wanted = "group" in rule.peer ? ["egress", "ingress"] : [rule.direction];
    const found = sides.map(({ direction }) => direction).sort();
    if (found.join() !== wanted.join()) problems.push(`open on one side alone, or twice: ${shown}`);
    return asWay(rule);
  });
  return { ways, problems };
}

function aclRules(program: Program): AclRule[] {
  const rules = [...program.all("aws:ec2/networkAclRule:NetworkAclRule")];
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

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(strings);
}
