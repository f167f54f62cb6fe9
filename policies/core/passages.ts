import { at } from "./expectations.ts";
import type { Graph, Node } from "./graph.ts";
import { openingOfNew, openingOfOld, portsOf, isEveryProtocol, type Opening } from "./openings.ts";
import { push } from "./push.ts";
import type { Passage } from "./reachability.ts";
import { elements, isKnown, UNKNOWN } from "./unknown.ts";

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const VPC = "aws:ec2/vpc:Vpc";
export const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const NEW_RULES: Readonly<Record<string, "in" | "out">> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "in",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "out",
};

/** Rules that stand beside their group. */
export const STANDALONE_RULES: readonly string[] = [OLD_RULE, ...Object.keys(NEW_RULES)];

/** One rule of a group, with what it opens and the resource that it stands in. */
export interface GroupRule {
  rule: Node;
  direction: "in" | "out";
  /** Read when it is asked for: a rule about one way in counts nothing unknown of the other as read. */
  readonly opening: Opening;
}

/** What a rule lets through, and groups that it names and that the stack does not show, by their ids. */
export interface RulePassage {
  passage: Passage;
  rule: Node;
  foreign: readonly string[];
}

/** A group's rules, within it and beside it. */
export function rulesOf(group: Node, graph: Graph): GroupRule[] {
  const inline = (["ingress", "egress"] as const).flatMap((list) =>
    elements(group.inputs[list] as object[] | undefined).flatMap((entry, index): GroupRule[] =>
      isKnown(entry)
        ? [
            {
              rule: group,
              direction: list === "ingress" ? "in" : "out",
              get opening() {
                return openingOfOld(entry, `${list}[${index}]`);
              },
            },
          ]
        : [],
    ),
  );
  return [...inline, ...graph.referring(group, "securityGroupId", ...STANDALONE_RULES).map(standalone)];
}

/** Rules beside groups that the stack does not show, by the group: its id, or where the id comes from. */
export function rulesOfForeign(graph: Graph): Map<string, GroupRule[]> {
  const shown = new Set(
    graph.all(GROUP).flatMap((group) => graph.referring(group, "securityGroupId", ...STANDALONE_RULES)),
  );
  const foreign = new Map<string, GroupRule[]>();
  for (const rule of graph.all(...STANDALONE_RULES)) {
    const group = shown.has(rule) ? undefined : foreignGroup(rule, graph);
    if (group !== undefined) push(foreign, group, standalone(rule));
  }
  return foreign;
}

/** What to call a group that the stack does not show; undefined where only the update will tell which it is. */
function foreignGroup(rule: Node, graph: Graph): string | undefined {
  const owner = defaultGroupOwner(rule, graph);
  if (owner) return `the default group of ${owner.name}`;
  const [source] = rule.sources("securityGroupId");
  if (source) return `a group of ${source.name}`;
  const id = rule.inputs["securityGroupId"];
  return typeof id === "string" ? id : undefined;
}

/** The VPC whose default group a rule's group is, or that group taken over: it is the only group among a VPC's outputs. */
export function defaultGroupOwner(rule: Node, graph: Graph): Node | undefined {
  const [source] = rule.sources("securityGroupId");
  if (source) return [VPC, DEFAULT_GROUP].includes(source.type) ? source : undefined;
  const id = rule.inputs["securityGroupId"];
  if (typeof id !== "string") return undefined;
  return (
    graph.all(VPC).find(({ properties }) => properties["defaultSecurityGroupId"] === id) ??
    graph.all(DEFAULT_GROUP).find(({ properties }) => properties["id"] === id)
  );
}

function standalone(rule: Node): GroupRule {
  const direction = NEW_RULES[rule.type];
  return {
    rule,
    direction: direction ?? (rule.inputs["type"] === "egress" ? "out" : "in"),
    get opening() {
      return direction === undefined ? openingOfOld(rule.inputs, "") : openingOfNew(rule.inputs);
    },
  };
}

/** What a group's rules let through; which way one opens whose ports are not known the update tells. */
export function passagesOf(group: Node, graph: Graph): RulePassage[] {
  return rulesOf(group, graph).flatMap((one) => passageOf(one, group.urn, group, graph) ?? []);
}

/** The same of groups that the stack does not show. */
export function foreignPassages(graph: Graph): RulePassage[] {
  return [...rulesOfForeign(graph)].flatMap(([name, rules]) =>
    rules.flatMap((one) => passageOf(one, name, undefined, graph) ?? []),
  );
}

function passageOf(
  { rule, direction, opening }: GroupRule,
  group: string,
  own: Node | undefined,
  graph: Graph,
): RulePassage | undefined {
  const { groups, foreign } = groupsOf(rule, own, opening.property, graph);
  const cidrs = [...opening.cidrs, ...addressesBehind(rule, opening.property, graph)];
  const ports = portsOf(opening);
  if (ports === undefined) return undefined;
  const [from, to] = ports;
  return {
    rule,
    foreign,
    passage: {
      group,
      direction,
      groups: groups.map(({ urn }) => urn),
      cidrs,
      protocol: isEveryProtocol(opening) ? "-1" : protocolOf(opening),
      from,
      to,
      by: opening.property === "" ? `rule ${rule.name}` : `${opening.property} of ${rule.name}`,
    },
  };
}

function protocolOf({ protocol }: Opening): string {
  const name = isKnown(protocol) ? String(protocol ?? "tcp") : "-1";
  return { "6": "tcp", "17": "udp" }[name] ?? name;
}

/** The groups on the other side of a rule, and ids of those that are no group of the stack. */
function groupsOf(
  rule: Node,
  own: Node | undefined,
  property: string,
  graph: Graph,
): { groups: Node[]; foreign: string[] } {
  const self = own && at(entryAt(rule, property), "self") === true ? [own] : [];
  const keys = ["referencedSecurityGroupId", "sourceSecurityGroupId", "securityGroups"];
  const { named, unseen } = resolved(rule, property, keys, GROUP, graph);
  return { groups: [...new Set([...self, ...named])], foreign: unseen };
}

/** Blocks that a rule names by something else: a prefix list's entries, a VPC or subnet whose block is not known yet. */
export function addressesBehind(rule: Node, property: string, graph: Graph): string[] {
  const { named, unseen } = resolved(rule, property, ["prefixListId", "prefixListIds"], PREFIX_LIST, graph);
  const listed = named
    .flatMap(({ inputs }) => elements(inputs["entries"] as object[] | undefined))
    .map((one) => at(one, "cidr"))
    .filter((cidr) => typeof cidr === "string");
  const blocks = (property === "" ? ["cidrIpv4", "cidrIpv6", "cidrBlocks"] : [])
    .filter((key) => [rule.inputs[key]].flat().includes(UNKNOWN))
    .flatMap((key) => rule.sources(key))
    .filter(({ type }) => type === VPC || type === SUBNET)
    .map(({ inputs }) => inputs["cidrBlock"])
    .filter((cidr) => typeof cidr === "string");
  return [...listed, ...blocks, ...unseen];
}

/**
 * The stack's resources of a type that a rule, or the entry of a group that it is, names under these keys, and the ids that
 * are of none of them. A preview of what is made already knows the ids that are used, and not whose they are: only what
 * they come from tells.
 */
function resolved(
  rule: Node,
  property: string,
  keys: readonly string[],
  type: string,
  graph: Graph,
): { named: Node[]; unseen: string[] } {
  const idsIn = (entry: unknown): unknown[] => keys.flatMap((key) => [at(entry, key) ?? []].flat());
  const ids = idsIn(entryAt(rule, property));
  if (ids.length === 0) return { named: [], unseen: [] };
  const [list = ""] = property.split("[");
  const used = list === "" ? ids : elements(rule.inputs[list] as object[] | undefined).flatMap(idsIn);
  const sources = (list === "" ? keys : [list])
    .flatMap((key) => rule.sources(key))
    .filter((source) => source.type === type);
  const byId = graph.all(type).filter(({ properties: { id } }) => typeof id === "string" && ids.includes(id));
  const shown = new Set(graph.all(type).map(({ properties }) => properties["id"]));
  const strange = (some: unknown[]): string[] => [
    ...new Set(some.filter((id): id is string => typeof id === "string" && !shown.has(id.split("/").at(-1)))),
  ];
  const nameless = sources.filter(({ properties }) => typeof properties["id"] !== "string");
  // Which entry of a list a source belongs to the engine does not tell: each may be any of them.
  const anyOf = ids.includes(UNKNOWN) ? sources : strange(ids).length > 0 ? nameless : [];
  const explained = !used.includes(UNKNOWN) && strange(used).length <= nameless.length;
  return { named: [...new Set([...byId, ...anyOf])], unseen: explained ? [] : strange(ids) };
}

/** The rule's own inputs, or the entry of a list that it is. */
function entryAt(rule: Node, property: string): unknown {
  return property === "" ? rule.inputs : at(rule.inputs, property.replace(/\[(\d+)\]/, ".$1"));
}
