import assert from "node:assert/strict";
import { dataReach } from "../../../policies/rules/network/data-reach.ts";
import { internetReach } from "../../../policies/rules/network/internet-reach.ts";
import { stackUnproven, stackViolations, unknown, type Fixture, type Inputs } from "../harness.ts";
import { describeStackRule } from "../stack-cases.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const SERVICE = "aws:ecs/service:Service";
const DATABASE = "aws:rds/instance:Instance";

const group = (name: string, properties: Inputs = {}): Fixture => ({
  name,
  type: "aws:ec2/securityGroup:SecurityGroup",
  properties: { id: unknown, ...properties },
});
const rule = (
  name: string,
  type: string,
  own: string,
  other: string | undefined,
  properties: Inputs,
): Fixture => ({
  name,
  type,
  properties: {
    securityGroupId: unknown,
    ipProtocol: "tcp",
    ...(other !== undefined && { referencedSecurityGroupId: unknown }),
    ...properties,
  },
  sources: { securityGroupId: [own], ...(other !== undefined && { referencedSecurityGroupId: [other] }) },
});
const port = (number: number): Inputs => ({ fromPort: number, toPort: number });
const connect = (from: string, to: string, number: number): Fixture[] => [
  rule(`${from}-to-${to}-out`, EGRESS, `${from}-group`, `${to}-group`, port(number)),
  rule(`${from}-to-${to}-in`, INGRESS, `${to}-group`, `${from}-group`, port(number)),
];
const subnet = (name: string, cidrBlock: string): Fixture => ({
  name,
  type: "aws:ec2/subnet:Subnet",
  properties: { cidrBlock },
});

/** A public and a private subnet; the public one has a route to the internet. */
const network: Fixture[] = [
  { name: "igw", type: "aws:ec2/internetGateway:InternetGateway" },
  ...["public", "private"].flatMap((name, index) => [
    subnet(name, `10.0.${index}.0/24`),
    { name: `${name}-table`, type: "aws:ec2/routeTable:RouteTable" },
    {
      name: `${name}-association`,
      type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
      properties: { subnetId: unknown, routeTableId: unknown },
      sources: { subnetId: [name], routeTableId: [`${name}-table`] },
    },
  ]),
  {
    name: "to-internet",
    type: "aws:ec2/route:Route",
    properties: { destinationCidrBlock: "0.0.0.0/0", gatewayId: unknown },
    sources: { routeTableId: ["public-table"], gatewayId: ["igw"] },
  },
];

const balancer: Fixture = {
  name: "balancer",
  type: BALANCER,
  properties: { internal: false, securityGroups: [unknown], subnets: unknown },
  sources: { securityGroups: ["balancer-group"], subnets: ["public"] },
};
const service: Fixture = {
  name: "service",
  type: SERVICE,
  properties: {
    networkConfiguration: { assignPublicIp: false, securityGroups: [unknown], subnets: unknown },
  },
  sources: { networkConfiguration: ["service-group", "private"] },
};
const database: Fixture = {
  name: "database",
  type: DATABASE,
  properties: { publiclyAccessible: false, vpcSecurityGroupIds: [unknown], dbSubnetGroupName: "isolated" },
  sources: { vpcSecurityGroupIds: ["database-group"], dbSubnetGroupName: ["subnet-group"] },
};
const subnetGroup: Fixture = {
  name: "subnet-group",
  type: "aws:rds/subnetGroup:SubnetGroup",
  properties: { subnetIds: unknown },
  sources: { subnetIds: ["private"] },
};
const web = rule("web", INGRESS, "balancer-group", undefined, { ...port(443), cidrIpv4: "0.0.0.0/0" });

/** Internet to balancer to service to database, all unknown as in a first preview. */
const system: Fixture[] = [
  ...network,
  ...["balancer", "service", "database"].map((name) => group(`${name}-group`)),
  balancer,
  service,
  database,
  subnetGroup,
  web,
  ...connect("balancer", "service", 3040),
  ...connect("service", "database", 5432),
];

/** The system with one of its resources changed. */
function changed(name: string, properties: Inputs, sources: Record<string, string[]> = {}): Fixture[] {
  return system.map((fixture) =>
    fixture.name === name
      ? {
          ...fixture,
          properties: { ...fixture.properties, ...properties },
          sources: { ...fixture.sources, ...sources },
        }
      : fixture,
  );
}

const wayIn = (target: Fixture, path: string): string =>
  `${target.name} (${target.type}): the way from the internet is internet -> ${path}; it must be closed, or a load balancer's tcp 80 or 443. ` +
  "Take away its public address, or the rule that lets the internet in.";
/** A rule that lets the internet into a group. */
const hole = (own: string, number: number): Fixture =>
  rule("hole", INGRESS, own, undefined, { ...port(number), cidrIpv4: "0.0.0.0/0" });
/** What is not there opens no way, and what is closed is read all the same. */
const closed = [...system.map(({ name }) => name), ...system.map(({ name }) => `${name}.*`)];

describeStackRule(internetReach, [
  {
    compliant: system,
    wellWithout: closed,
    mutations: [
      {
        of: "web",
        path: "fromPort",
        value: 22,
        messages: [wayIn(balancer, "balancer (tcp 22-443, route to-internet of public, rule web)")],
      },
      {
        of: "web",
        path: "toPort",
        value: 8443,
        messages: [wayIn(balancer, "balancer (tcp 443-8443, route to-internet of public, rule web)")],
      },
      {
        of: "web",
        path: "ipProtocol",
        value: "-1",
        messages: [
          wayIn(balancer, "balancer (every protocol and port, route to-internet of public, rule web)"),
        ],
      },
      {
        of: "database",
        path: "publiclyAccessible",
        value: true,
        beside: [hole("database-group", 5432), { ...subnetGroup, sources: { subnetIds: ["public"] } }],
        messages: [wayIn(database, "database (tcp 5432, route to-internet of public, rule hole)")],
      },
    ],
  },
]);

describeStackRule(dataReach, [
  {
    compliant: system,
    wellWithout: closed.filter((place) => !place.startsWith("service.") && place !== "service"),
    mutations: [{ of: "service" }, { of: "service", path: "networkConfiguration" }].map((change) => ({
      ...change,
      messages: [
        `database (${DATABASE}): the way to it is service-group, a group of nothing in this stack -> database (rule service-to-database-in); it must be from a service, a function or a proxy of this stack only. ` +
          "Remove the security-group rule that is named last, or connect through the service.",
      ],
    })),
  },
]);

const internet = (fixtures: Fixture[]): string[] =>
  stackViolations(internetReach, fixtures).map((text) => text.split("; it must")[0] ?? "");
const data = (fixtures: Fixture[]): string[] =>
  stackViolations(dataReach, fixtures).map((text) => text.split("; it must")[0] ?? "");

describe("network-internet-reach", () => {
  it("passes a balancer on 443 before a service before a database", () => {
    assert.deepEqual(stackViolations(internetReach, system), []);
    assert.deepEqual(stackUnproven(internetReach, system), []);
  });

  it("names the path to what else the internet reaches", () => {
    const ssh = rule("ssh", INGRESS, "balancer-group", undefined, {
      ...port(22),
      cidrIpv4: "203.0.113.0/24",
    });
    assert.deepEqual(internet([...system, ssh]), [
      `balancer (${BALANCER}): the way from the internet is internet -> balancer (tcp 22, route to-internet of public, rule ssh)`,
    ]);
  });

  it("sees a service with a public address, but only where its subnet has a way in", () => {
    const open = rule("open", INGRESS, "service-group", undefined, { ...port(3040), cidrIpv4: "0.0.0.0/0" });
    const isPublic = {
      networkConfiguration: { assignPublicIp: true, securityGroups: [unknown], subnets: unknown },
    };
    assert.deepEqual(internet([...changed("service", isPublic), open]), []);
    const moved = changed("service", isPublic, { networkConfiguration: ["service-group", "public"] });
    assert.deepEqual(internet([...moved, open]), [
      `service (${SERVICE}): the way from the internet is internet -> service (tcp 3040, route to-internet of public, rule open)`,
    ]);
  });

  it("takes a subnet without a route table of its own for one with a way in", () => {
    const open = rule("open", INGRESS, "database-group", undefined, { ...port(5432), cidrIpv6: "::/0" });
    const without = changed("database", { publiclyAccessible: true }).filter(
      ({ name }) => name !== "private-association",
    );
    assert.match(
      internet([...without, open])[0] ?? "",
      /internet -> database \(tcp 5432, the main route table of private/,
    );
  });

  it("knows the addresses of a prefix list, and takes one it cannot see for the internet", () => {
    const list = (cidr: string): Fixture => ({
      name: "partners",
      type: "aws:ec2/managedPrefixList:ManagedPrefixList",
      properties: { entries: [{ cidr }] },
    });
    const listed: Fixture = {
      ...rule("listed", INGRESS, "balancer-group", undefined, { ...port(8443), prefixListId: unknown }),
      sources: { securityGroupId: ["balancer-group"], prefixListId: ["partners"] },
    };
    assert.equal(internet([...system, list("198.51.100.0/24"), listed]).length, 1);
    assert.deepEqual(internet([...system, list("10.1.0.0/16"), listed]), []);
    const unseen = rule("unseen", INGRESS, "balancer-group", undefined, {
      ...port(8443),
      prefixListId: "pl-1",
    });
    assert.equal(internet([...system, unseen]).length, 1);
  });

  it("takes each list among several that it cannot see for the internet, in the old rules and within a group as well", () => {
    const list: Fixture = {
      name: "partners",
      type: "aws:ec2/managedPrefixList:ManagedPrefixList",
      properties: { id: "pl-1", entries: [{ cidr: "10.1.0.0/16" }] },
    };
    const old = (...prefixListIds: string[]): Fixture => ({
      name: "old",
      type: "aws:ec2/securityGroupRule:SecurityGroupRule",
      properties: { type: "ingress", protocol: "tcp", ...port(22), prefixListIds },
      sources: { securityGroupId: ["balancer-group"] },
    });
    const inline = (...prefixListIds: string[]): Fixture[] =>
      changed("balancer-group", { ingress: [{ protocol: "tcp", ...port(22), prefixListIds }] });
    assert.deepEqual(internet([...system, list, old("pl-1")]), []);
    assert.match(internet([...system, list, old("pl-1", "pl-2")])[0] ?? "", /tcp 22, .*, rule old\)$/);
    assert.deepEqual(internet([...inline("pl-1"), list]), []);
    assert.match(internet([...inline("pl-2"), list])[0] ?? "", /tcp 22, .*, ingress\[0\] of balancer-group/);
  });

  it("sees an Elastic IP on an instance and on its network interfaces, whichever side says so", () => {
    const type = "aws:ec2/instance:Instance";
    const server = (properties: Inputs = {}, sources: Record<string, string[]> = {}): Fixture => ({
      name: "server",
      type,
      properties: {
        vpcSecurityGroupIds: [unknown],
        subnetId: unknown,
        associatePublicIpAddress: false,
        ...properties,
      },
      sources: { vpcSecurityGroupIds: ["server-group"], subnetId: ["public"], ...sources },
    });
    const card = (properties: Inputs = {}, sources: Record<string, string[]> = {}): Fixture => ({
      name: "card",
      type: "aws:ec2/networkInterface:NetworkInterface",
      properties: { securityGroups: [unknown], subnetId: unknown, ...properties },
      sources: { securityGroups: ["server-group"], subnetId: ["public"], ...sources },
    });
    const linked = (name: string, type: string, sources: Record<string, string[]>): Fixture => ({
      name,
      type,
      properties: Object.fromEntries(Object.keys(sources).map((key) => [key, unknown])),
      sources,
    });
    const eip = (sources: Record<string, string[]>): Fixture => linked("address", "aws:ec2/eip:Eip", sources);
    const association = (sources: Record<string, string[]>): Fixture =>
      linked("association", "aws:ec2/eipAssociation:EipAssociation", {
        allocationId: ["address"],
        ...sources,
      });
    const ssh = rule("ssh", INGRESS, "server-group", undefined, { ...port(22), cidrIpv4: "64.0.0.0/2" });
    const base = [...network, group("server-group"), ssh];
    assert.deepEqual(internet([...base, server(), card(), eip({})]), [], "an address of nothing");
    const reached = (...fixtures: Fixture[]): string[] =>
      internet([...base, ...fixtures]).map((text) => text.split(" (")[0] ?? "");
    assert.deepEqual(reached(server(), eip({ instance: ["server"] })), ["server"]);
    assert.deepEqual(reached(server(), eip({}), association({ instanceId: ["server"] })), ["server"]);
    assert.deepEqual(reached(card(), eip({ networkInterface: ["card"] })), ["card"]);
    assert.deepEqual(reached(card(), eip({}), association({ networkInterfaceId: ["card"] })), ["card"]);
    const attachment = linked("attachment", "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", {
      instanceId: ["server"],
      networkInterfaceId: ["card"],
    });
    const bare: Fixture = { name: "server", type };
    assert.deepEqual(reached(bare, card(), attachment, eip({ instance: ["server"] })), ["card"]);
    const started = linked("server", type, { networkInterfaces: ["card"] });
    assert.deepEqual(reached(started, card(), eip({ instance: ["server"] })), ["card"]);
    const attached = card({ attachments: [{ instance: unknown }] }, { attachments: ["server"] });
    assert.deepEqual(reached(bare, attached, eip({ instance: ["server"] })), ["card"]);
    const hidden = server({}, { subnetId: ["private"] });
    assert.deepEqual(reached(hidden, eip({ instance: ["server"] })), [], "no route from the internet");
  });

  it("takes whatever stands behind a group that the stack does not show for reached", () => {
    const literal = (properties: Inputs): Fixture => ({
      name: "literal",
      type: INGRESS,
      properties: { securityGroupId: "sg-1", ipProtocol: "tcp", ...port(443), ...properties },
    });
    assert.deepEqual(internet([literal({ cidrIpv4: "0.0.0.0/0" })]), [
      `literal (${INGRESS}): the way from the internet is internet -> sg-1 (tcp 443, rule literal)`,
    ]);
    assert.equal(internet([literal({ ...port(22), cidrIpv4: "64.0.0.0/2" })]).length, 1);
    assert.deepEqual(internet([literal({ cidrIpv4: "10.0.0.0/8" })]), []);
    const other: Fixture = { name: "other", type: BALANCER, properties: { securityGroups: ["sg-1"] } };
    assert.deepEqual(internet([literal({ cidrIpv4: "0.0.0.0/0" }), other]), []);
    assert.equal(internet([literal({ ...port(22), cidrIpv4: "0.0.0.0/0" }), other]).length, 1);
    const ofVpc: Fixture = {
      ...literal({ securityGroupId: unknown, cidrIpv4: "0.0.0.0/0" }),
      sources: { securityGroupId: ["vpc"] },
    };
    assert.match(
      internet([{ name: "vpc", type: "aws:ec2/vpc:Vpc" }, ofVpc])[0] ?? "",
      /internet -> the default group of vpc \(tcp 443/,
    );
    const blurred = literal({ securityGroupId: unknown, cidrIpv4: "0.0.0.0/0" });
    assert.deepEqual(stackUnproven(internetReach, [blurred]), ["literal: securityGroupId"]);
  });

  it("cannot prove a rule whose source nothing tells", () => {
    const blurred = rule("blurred", INGRESS, "balancer-group", undefined, { ...port(22), cidrIpv4: unknown });
    assert.deepEqual(stackUnproven(internetReach, [...system, blurred]), ["blurred: cidrIpv4"]);
    const fromVpc: Fixture = { ...blurred, sources: { ...blurred.sources, cidrIpv4: ["private"] } };
    assert.deepEqual(stackUnproven(internetReach, [...system, fromVpc]), []);
  });

  it("reads inline rules and the old rule type", () => {
    const inline = changed("balancer-group", {
      ingress: [{ protocol: "tcp", fromPort: 25, toPort: 25, cidrBlocks: ["0.0.0.0/0"] }],
    });
    assert.match(internet(inline)[0] ?? "", /tcp 25, .*, ingress\[0\] of balancer-group/);
    const old: Fixture = {
      name: "old",
      type: "aws:ec2/securityGroupRule:SecurityGroupRule",
      properties: { type: "ingress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
      sources: { securityGroupId: ["balancer-group"] },
    };
    assert.match(internet([...system, old])[0] ?? "", /every protocol and port, .*, rule old/);
  });
});

describe("network-data-reach", () => {
  it("passes the service", () => {
    assert.deepEqual(data(system), []);
  });

  it("refuses a balancer that goes past the service, with the path from the internet", () => {
    assert.deepEqual(data([...system, ...connect("balancer", "database", 5432)]), [
      `database (${DATABASE}): the way to it is internet -> balancer (tcp 443, route to-internet of public, rule web) -> database (tcp 5432, rule balancer-to-database-in)`,
    ]);
  });

  it("refuses a bastion, from which no path leads to the internet", () => {
    const bastion: Fixture[] = [
      group("bastion-group"),
      {
        name: "bastion",
        type: "aws:ec2/instance:Instance",
        properties: { vpcSecurityGroupIds: [unknown], subnetId: unknown, associatePublicIpAddress: false },
        sources: { vpcSecurityGroupIds: ["bastion-group"], subnetId: ["private"] },
      },
    ];
    assert.deepEqual(data([...system, ...bastion, ...connect("bastion", "database", 5432)]), [
      `database (${DATABASE}): the way to it is bastion -> database (tcp 5432, rule bastion-to-database-in)`,
    ]);
    const halfOpen = connect("bastion", "database", 5432).slice(1);
    assert.deepEqual(data([...system, ...bastion, ...halfOpen]), [], "nothing lets it out");
  });

  it("refuses addresses within the network in which a balancer lies", () => {
    const neighbours = rule("subnet", INGRESS, "database-group", undefined, {
      ...port(5432),
      cidrIpv4: "10.0.0.0/24",
    });
    const out = rule("out", EGRESS, "balancer-group", undefined, { ...port(5432), cidrIpv4: "10.0.0.0/16" });
    assert.match(
      data([...system, neighbours, out])[0] ?? "",
      /balancer .* -> database \(tcp 5432, rule subnet\)$/,
    );
  });

  it("refuses a group whose members the stack does not show", () => {
    const stranger = [group("stranger-group"), ...connect("stranger", "database", 5432)];
    assert.deepEqual(data([...system, ...stranger]), [
      `database (${DATABASE}): the way to it is stranger-group, a group of nothing in this stack -> database (rule stranger-to-database-in)`,
    ]);
  });

  it("refuses a group that the stack does not show at all", () => {
    const literal = rule("literal", INGRESS, "database-group", undefined, {
      ...port(5432),
      referencedSecurityGroupId: "sg-1",
    });
    assert.deepEqual(data([...system, literal]), [
      `database (${DATABASE}): the way to it is sg-1, a group of nothing in this stack -> database (rule literal)`,
    ]);
    const own = changed("service-group", { id: "sg-1" });
    assert.deepEqual(data([...own, literal]), []);
    const made: Fixture = {
      ...literal,
      sources: { ...literal.sources, referencedSecurityGroupId: ["service-group"] },
    };
    assert.deepEqual(
      data([...system, made]),
      [],
      "a preview of what is made knows the id, and whose it is by its source",
    );
  });
});
