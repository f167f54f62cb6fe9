import { from } from "./evidence.ts";
import { at } from "./expectations.ts";
import type { Graph, Node } from "./graph.ts";
import { openingOfNew, openingOfOld, portsOf, isEveryProtocol, type Opening } from "./openings.ts";
import { push } from "./push.ts";
import { Reachability, type Passage, type Place } from "./reachability.ts";
import { elements, isKnown, UNKNOWN } from "./unknown.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";
const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const RULES = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "in",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "out",
} as const;

/** What a kind of resource with a network interface says of itself. */
interface Kind {
  /** The property that holds its groups, and the property by which the engine knows where they come from. */
  groups: string;
  subnets: string;
  /** The resource between it and its subnets, by type. */
  subnetGroup?: { type: string; property: string };
  isPublic: (inputs: Record<string, unknown>, subnets: Node[]) => boolean;
}

const never = (): boolean => false;
const database: Kind = {
  groups: "vpcSecurityGroupIds",
  subnets: "subnetIds",
  subnetGroup: { type: "aws:rds/subnetGroup:SubnetGroup", property: "dbSubnetGroupName" },
  isPublic: ({ publiclyAccessible }) => publiclyAccessible === true,
};
const balancer: Kind = {
  groups: "securityGroups",
  subnets: "subnets",
  isPublic: ({ internal }) => internal !== true,
};

/** Types with a network interface in a VPC. */
const KINDS: Readonly<Record<string, Kind>> = {
  "aws:lb/loadBalancer:LoadBalancer": balancer,
  "aws:alb/loadBalancer:LoadBalancer": balancer,
  "aws:ecs/service:Service": {
    groups: "networkConfiguration.securityGroups",
    subnets: "networkConfiguration.subnets",
    isPublic: (inputs) => at(inputs, "networkConfiguration.assignPublicIp") === true,
  },
  "aws:lambda/function:Function": {
    groups: "vpcConfig.securityGroupIds",
    subnets: "vpcConfig.subnetIds",
    isPublic: never,
  },
  "aws:ec2/instance:Instance": {
    groups: "vpcSecurityGroupIds",
    subnets: "subnetId",
    isPublic: ({ associatePublicIpAddress }, subnets) =>
      associatePublicIpAddress === true ||
      (associatePublicIpAddress === undefined &&
        subnets.some(({ inputs }) => inputs["mapPublicIpOnLaunch"] === true)),
  },
  "aws:rds/instance:Instance": database,
  "aws:rds/cluster:Cluster": { ...database, isPublic: never },
  "aws:rds/proxy:Proxy": { groups: "vpcSecurityGroupIds", subnets: "vpcSubnetIds", isPublic: never },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    groups: "securityGroupIds",
    subnets: "subnetIds",
    subnetGroup: { type: "aws:elasticache/subnetGroup:SubnetGroup", property: "subnetGroupName" },
    isPublic: never,
  },
  "aws:efs/mountTarget:MountTarget": { groups: "securityGroups", subnets: "subnetId", isPublic: never },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { groups: "securityGroupIds", subnets: "subnetIds", isPublic: never },
};

/** What shows by its dependencies alone which way a rule opens, though its value is not known. */
export const networkEvidence = from(GROUP, VPC, SUBNET, PREFIX_LIST);

/** Types that the network is made of: what they say counts only together. */
export const NETWORK_TYPES: readonly string[] = [
  VPC,
  SUBNET,
  PREFIX_LIST,
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/eip:Eip",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  ...Object.keys(KINDS),
];

/** The stack's network: its places, who reaches whom, and what cannot be told yet. */
export interface Network {
  reach: Reachability;
  places: Map<string, { node: Node; place: Place }>;
  /** Groups that rules let in and that nothing in the stack belongs to, by the group that they enter. */
  strangers: Map<string, { group: Node; rule: Node }[]>;
  /** Inputs that it would be made of, and that are not known yet. */
  unknown: Map<Node, Set<string>>;
}

const built = new WeakMap<Graph, Network>();

/** Built once for a graph: each rule about the network asks for the same one. */
export function networkOf(graph: Graph): Network {
  const known = built.get(graph);
  if (known) return known;
  const unknown: Network["unknown"] = new Map();
  const network = graph.watch(
    () => build(graph, unknown),
    (node, path) => unknown.set(node, (unknown.get(node) ?? new Set()).add(path)),
  );
  built.set(graph, network);
  return network;
}

function build(graph: Graph, unknown: Network["unknown"]): Network {
  const places = new Map<string, { node: Node; place: Place }>();
  for (const [type, kind] of Object.entries(KINDS)) {
    for (const node of graph.all(type)) {
      const place = placeOf(node, kind, graph);
      if (place) places.set(node.urn, { node, place });
    }
  }
  const strangers: Network["strangers"] = new Map();
  const members = new Set([...places.values()].flatMap(({ place }) => place.groups));
  const passages = graph.all(GROUP).flatMap((group) => passagesOf(group, graph));
  for (const { passage, rule } of passages) {
    if (passage.direction !== "in") continue;
    const foreign = passage.groups.filter((urn) => !members.has(urn));
    for (const urn of foreign) {
      const group = graph.find(urn);
      if (group) push(strangers, passage.group, { group, rule });
    }
  }
  const reach = new Reachability(
    [...places.values()].map(({ place }) => place),
    passages.map(({ passage }) => passage),
  );
  return { reach, places, strangers, unknown };
}

function placeOf(node: Node, kind: Kind, graph: Graph): Place | undefined {
  const groups = related(node, kind.groups, GROUP, graph);
  if (groups.length === 0) return undefined;
  const holder = kind.subnetGroup
    ? graph.targets(node, kind.subnetGroup.property, kind.subnetGroup.type)[0]
    : node;
  const subnets = holder ? related(holder, kind.subnets, SUBNET, graph) : [];
  const networks = subnets
    .map(({ inputs }) => inputs["cidrBlock"])
    .filter((cidr) => typeof cidr === "string");
  return {
    // Names are unique within a type only.
    name: node.urn,
    groups: groups.map(({ urn }) => urn),
    networks,
    door: kind.isPublic(node.inputs, subnets) ? doorOf(subnets, graph) : undefined,
  };
}

/** Resources of a type that a property, or a part of one, refers to: by dependency, or by their ids. */
function related(node: Node, path: string, type: string, graph: Graph): Node[] {
  const [property = ""] = path.split(".");
  const sources = node.sources(property).filter((source) => source.type === type);
  if (sources.length > 0) return [...new Set(sources)];
  const values = [at(node.inputs, path)].flat();
  return graph
    .all(type)
    .filter(({ properties }) => typeof properties["id"] === "string" && values.includes(properties["id"]));
}

/** How the internet gets into one of these subnets; a subnet whose routes the stack does not show lets it in. */
function doorOf(subnets: Node[], graph: Graph): string | undefined {
  if (subnets.length === 0) return "a subnet that the stack does not show";
  for (const subnet of subnets) {
    const tables = routeTablesOf(subnet, graph);
    if (tables === undefined) return `the main route table of ${subnet.name}`;
    for (const table of tables) {
      const routes = graph.referring(table, "routeTableId", "aws:ec2/route:Route");
      const route = routes.find(
        (candidate) =>
          graph.targets(candidate, "gatewayId", "aws:ec2/internetGateway:InternetGateway").length > 0,
      );
      if (route) return `route ${route.name} of ${subnet.name}`;
      if (JSON.stringify(table.inputs["routes"] ?? []).includes("igw-"))
        return `route table ${table.name} of ${subnet.name}`;
      if (table.sources("routes").some(({ type }) => type === "aws:ec2/internetGateway:InternetGateway"))
        return `route table ${table.name} of ${subnet.name}`;
    }
  }
  return undefined;
}

/** The stack's route tables that a subnet is associated with; undefined where it is with none, which leaves the main one. */
function routeTablesOf(subnet: Node, graph: Graph): Node[] | undefined {
  const associations = graph.referring(
    subnet,
    "subnetId",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
  );
  if (associations.length === 0) return undefined;
  return associations.flatMap((association) =>
    graph.targets(association, "routeTableId", "aws:ec2/routeTable:RouteTable"),
  );
}

/** Whether a subnet's routes lead out of the VPC's own addresses; one whose routes the stack does not show may. */
export function hasWayOut(subnet: Node, graph: Graph): boolean {
  const tables = routeTablesOf(subnet, graph) ?? [];
  if (tables.length === 0) return true;
  return tables.some(
    (table) =>
      elements(table.inputs["routes"] as object[] | undefined).length > 0 ||
      graph.referring(table, "routeTableId", "aws:ec2/route:Route").length > 0,
  );
}

function passagesOf(group: Node, graph: Graph): { passage: Passage; rule: Node }[] {
  const inline = (["ingress", "egress"] as const).flatMap((list) =>
    elements(group.inputs[list] as object[] | undefined).flatMap((entry, index) =>
      isKnown(entry)
        ? passage(group, openingOfOld(entry, ""), list === "ingress" ? "in" : "out", `${list}[${index}]`)
        : [],
    ),
  );
  const old = graph
    .referring(group, "securityGroupId", OLD_RULE)
    .flatMap((rule) =>
      passage(rule, openingOfOld(rule.inputs, ""), rule.inputs["type"] === "egress" ? "out" : "in", ""),
    );
  const current = Object.entries(RULES).flatMap(([type, direction]) =>
    graph
      .referring(group, "securityGroupId", type)
      .flatMap((rule) => passage(rule, openingOfNew(rule.inputs), direction, "")),
  );
  return [...inline, ...old, ...current];

  function passage(
    rule: Node,
    opening: Opening,
    direction: "in" | "out",
    property: string,
  ): { passage: Passage; rule: Node }[] {
    const groups = groupsOf(rule, group, property, graph);
    const cidrs = [...opening.cidrs, ...addressesBehind(rule, property, graph)];
    const ports = portsOf(opening);
    // Which way it opens the update tells.
    if (ports === undefined) return [];
    const [from, to] = ports;
    const found = {
      rule,
      passage: {
        group: group.urn,
        direction,
        groups: groups.map(({ urn }) => urn),
        cidrs,
        protocol: isEveryProtocol(opening) ? "-1" : protocolOf(opening),
        from,
        to,
        by: property === "" ? `rule ${rule.name}` : `${property} of ${group.name}`,
      },
    };
    return [found];
  }
}

function protocolOf({ protocol }: Opening): string {
  const name = isKnown(protocol) ? String(protocol ?? "tcp") : "-1";
  return { "6": "tcp", "17": "udp" }[name] ?? name;
}

/** The groups on the other side of a rule. */
function groupsOf(rule: Node, own: Node, property: string, graph: Graph): Node[] {
  if (property !== "") {
    const entry = at(rule.inputs, property.replace(/\[(\d+)\]/, ".$1"));
    const self = at(entry, "self") === true ? [own] : [];
    const ids = [at(entry, "securityGroups") ?? []].flat();
    const [list = ""] = property.split("[");
    // Which entry of the list an unknown id belongs to the engine does not tell: each may be any of them.
    const sources = ids.includes(UNKNOWN) || ids.length === 0 ? rule.sources(list) : [];
    const some = sources.filter(({ type }) => type === GROUP && ids.length > 0);
    const byId = graph.all(GROUP).filter(({ properties }) => {
      const { id } = properties;
      return typeof id === "string" && ids.includes(id);
    });
    return [...new Set([...self, ...some, ...byId])];
  }
  const self = rule.inputs["self"] === true ? [own] : [];
  const others = ["referencedSecurityGroupId", "sourceSecurityGroupId"].flatMap((key) =>
    rule.inputs[key] === undefined ? [] : graph.targets(rule, key, GROUP),
  );
  return [...new Set([...self, ...others])];
}

/** Blocks that a rule names by something else: a prefix list's entries, a VPC or subnet whose block is not known yet. */
function addressesBehind(rule: Node, property: string, graph: Graph): string[] {
  const lists = (property === "" ? ["prefixListId", "prefixListIds"] : [property.split("[")[0] ?? ""])
    .flatMap((key) => (rule.inputs[key] === undefined ? [] : graph.targets(rule, key, PREFIX_LIST)))
    .flatMap(({ inputs }) => elements(inputs["entries"] as object[] | undefined))
    .map((entry) => at(entry, "cidr"))
    .filter((cidr) => typeof cidr === "string");
  const blocks = (property === "" ? ["cidrIpv4", "cidrIpv6", "cidrBlocks"] : [])
    .filter((key) => [rule.inputs[key]].flat().includes(UNKNOWN))
    .flatMap((key) => rule.sources(key))
    .filter(({ type }) => type === VPC || type === SUBNET)
    .map(({ inputs }) => inputs["cidrBlock"])
    .filter((cidr) => typeof cidr === "string");
  const unseen = [rule.inputs["prefixListId"]].filter((id) => typeof id === "string" && lists.length === 0);
  return [...lists, ...blocks, ...(unseen as string[])];
}
