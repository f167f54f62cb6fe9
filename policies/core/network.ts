import { from } from "./evidence.ts";
import { at } from "./expectations.ts";
import type { Graph, Node } from "./graph.ts";
import {
  foreignPassages,
  GROUP,
  passagesOf,
  PREFIX_LIST,
  SUBNET,
  VPC,
  type RulePassage,
} from "./passages.ts";
import { push } from "./push.ts";
import { Reachability, type Place } from "./reachability.ts";
import { elements } from "./unknown.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const INTERFACE = "aws:ec2/networkInterface:NetworkInterface";
const ATTACHMENT = "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment";
const ADDRESS = "aws:ec2/eip:Eip";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

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
  [INSTANCE]: {
    groups: "vpcSecurityGroupIds",
    subnets: "subnetId",
    isPublic: ({ associatePublicIpAddress }, subnets) =>
      associatePublicIpAddress === true ||
      (associatePublicIpAddress === undefined &&
        subnets.some(({ inputs }) => inputs["mapPublicIpOnLaunch"] === true)),
  },
  // Its own address it has from an instance that is started with it; Elastic IPs count for each.
  [INTERFACE]: { groups: "securityGroups", subnets: "subnetId", isPublic: never },
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
  ADDRESS,
  ASSOCIATION,
  ATTACHMENT,
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  ...Object.keys(KINDS),
];

/** The stack's network: its places, who reaches whom, and what cannot be told yet. */
export interface Network {
  reach: Reachability;
  places: Map<string, { node: Node; place: Place }>;
  /** Groups that rules let in and that nothing in the stack belongs to, by the group that they enter. */
  strangers: Map<string, { group: string; rule: Node }[]>;
  /** What lets addresses into groups that the stack does not show: whatever is behind them is reached. */
  foreign: readonly RulePassage[];
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
  for (const { passage, rule, foreign } of passages) {
    if (passage.direction !== "in") continue;
    const empty = passage.groups
      .filter((urn) => !members.has(urn))
      .flatMap((urn) => graph.find(urn)?.name ?? []);
    for (const group of [...empty, ...foreign]) push(strangers, passage.group, { group, rule });
  }
  const reach = new Reachability(
    [...places.values()].map(({ place }) => place),
    passages.map(({ passage }) => passage),
  );
  const foreign = foreignPassages(graph).filter(({ passage }) => passage.direction === "in");
  return { reach, places, strangers, foreign, unknown };
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
    door:
      kind.isPublic(node.inputs, subnets) || hasElasticAddress(node, graph)
        ? doorOf(subnets, graph)
        : undefined,
  };
}

/** Whether an Elastic IP belongs to an instance or a network interface, or to the one that the other is attached to. */
function hasElasticAddress(node: Node, graph: Graph): boolean {
  const has = (one: Node): boolean =>
    ["instance", "networkInterface"].some((key) => graph.referring(one, key, ADDRESS).length > 0) ||
    ["instanceId", "networkInterfaceId"].some((key) => graph.referring(one, key, ASSOCIATION).length > 0);
  if (has(node)) return true;
  return node.type === INTERFACE && instancesOf(node, graph).some(has);
}

/** The instances that an interface is attached to, from whichever side it is said. */
function instancesOf(card: Node, graph: Graph): Node[] {
  const attached = graph
    .referring(card, "networkInterfaceId", ATTACHMENT)
    .flatMap((attachment) => graph.targets(attachment, "instanceId", INSTANCE));
  const started = ["networkInterfaces", "primaryNetworkInterface"].flatMap((key) =>
    graph.naming(card, key, INSTANCE),
  );
  const named = card.sources("attachments").filter(({ type }) => type === INSTANCE);
  return [...attached, ...started, ...named];
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
