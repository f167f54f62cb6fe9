import assert from "node:assert/strict";
import { openingOfNew, showOpening } from "../../../policies/core/openings.ts";
import { defaultGroupEmpty } from "../../../policies/rules/ec2/default-group-empty.ts";
import { networkAclAdminPorts } from "../../../policies/rules/ec2/network-acl-admin-ports.ts";
import { defaultGroupUnused } from "../../../policies/rules/ec2/default-group-unused.ts";
import { noJoinedWorldEgress } from "../../../policies/rules/ec2/no-joined-world-egress.ts";
import { noJoinedWorldIngress } from "../../../policies/rules/ec2/no-joined-world-ingress.ts";
import { noUnrestrictedEgress } from "../../../policies/rules/ec2/no-unrestricted-egress.ts";
import { noWorldIngress } from "../../../policies/rules/ec2/no-world-ingress.ts";
import { worldOnlyToLoadBalancer } from "../../../policies/rules/ec2/world-only-to-load-balancer.ts";
import {
  describeRule,
  type Mutation,
  stackViolations,
  unknown,
  violations,
  type Fixture,
} from "../harness.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

/** Everybody, and some, as each property says it. */
const WORLD: Readonly<Record<string, string[]>> = {
  cidrBlock: ["0.0.0.0/0"],
  cidrBlocks: ["0.0.0.0/0"],
  cidrIpv4: ["0.0.0.0/0"],
  cidrIpv6: ["::/0"],
  ipv6CidrBlock: ["::/0"],
  ipv6CidrBlocks: ["::/0"],
};
const NARROW: Readonly<Record<string, string>> = {
  cidrBlock: "10.0.0.0/16",
  cidrIpv4: "10.0.0.0/16",
  cidrIpv6: "fd00::/8",
  ipv6CidrBlock: "fd00::/8",
};

const ingressMessage = (property: string, is: string): string =>
  `${property} is ${is}; it must be no more than a load balancer's tcp 80 and 443 to the world. ` +
  "Name the security group that may connect (referencedSecurityGroupId) instead of a CIDR block.";
const egressMessage = (property: string, is: string): string =>
  `${property} is ${is}; it must be one of the ports 80, 443. ` +
  "Set the protocol to tcp, and fromPort and toPort to the port that is needed, or name the group that is called.";

describeRule(noWorldIngress, [
  {
    type: INGRESS,
    compliant: {
      securityGroupId: "sg-1",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    },
    alsoCompliant: [
      { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-2" },
      { ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" },
    ],
    mutations: [
      {
        path: "fromPort",
        value: 22,
        conditions: ["toPort", "ipProtocol", "cidrIpv4"],
        messages: [ingressMessage("source", "0.0.0.0/0 on tcp 22-443")],
      },
      {
        path: "ipProtocol",
        value: "-1",
        conditions: ["cidrIpv4"],
        messages: [ingressMessage("source", "0.0.0.0/0 on every protocol and port")],
      },
      {
        path: "ipProtocol",
        value: "udp",
        conditions: ["cidrIpv4", "fromPort", "toPort"],
        messages: [ingressMessage("source", "0.0.0.0/0 on udp 443")],
      },
      {
        path: "ipProtocol",
        value: undefined,
        conditions: ["cidrIpv4", "fromPort", "toPort"],
        messages: [ingressMessage("source", "0.0.0.0/0 on tcp 443")],
      },
    ],
  },
  ...["0.0.0.0/0", "::/0"].map((world) => {
    const property = world === "::/0" ? "cidrIpv6" : "cidrIpv4";
    return {
      type: INGRESS,
      compliant: { ipProtocol: "tcp", fromPort: 22, toPort: 22, [property]: NARROW[property] },
      wellWithout: [property],
      decides: ["ipProtocol", "fromPort", "toPort"],
      mutations: [
        {
          path: property,
          value: world,
          conditions: ["ipProtocol", "fromPort", "toPort"],
          messages: [ingressMessage("source", `${world} on tcp 22`)],
        },
      ],
    };
  }),
  ...(["cidrBlocks", "ipv6CidrBlocks"] as const).map((property) => ({
    type: OLD_RULE,
    compliant: { type: "ingress", protocol: "tcp", fromPort: 443, toPort: 443, [property]: WORLD[property] },
    alsoCompliant: [{ type: "egress", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    decides: ["type", `${property}.*`],
    mutations: [
      {
        path: "toPort",
        value: 444,
        conditions: ["type", "protocol", "fromPort", property],
        messages: [ingressMessage("source", `${WORLD[property]?.join() ?? ""} on tcp 443-444`)],
      },
      {
        path: "fromPort",
        value: 22,
        conditions: ["type", "protocol", "toPort", property],
        messages: [ingressMessage("source", `${WORLD[property]?.join() ?? ""} on tcp 22-443`)],
      },
      {
        path: "protocol",
        value: undefined,
        conditions: ["type", "fromPort", "toPort", property],
        messages: [ingressMessage("source", `${WORLD[property]?.join() ?? ""} on tcp 443`)],
      },
    ],
  })),
  ...(["cidrBlocks", "ipv6CidrBlocks"] as const).map((property) => ({
    type: GROUP,
    compliant: {
      description: "Load balancer",
      ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, [property]: WORLD[property] }],
    },
    // One port, or all of them, which AWS reads as none.
    wellWithout: ["ingress.*.fromPort", "ingress.*.toPort"],
    mutations: [
      {
        path: "ingress.0.fromPort",
        value: 22,
        messages: [ingressMessage("ingress[0]", `${WORLD[property]?.join() ?? ""} on tcp 22-80`)],
      },
      {
        path: "ingress.0.toPort",
        value: 90,
        messages: [ingressMessage("ingress[0]", `${WORLD[property]?.join() ?? ""} on tcp 80-90`)],
      },
      {
        path: "ingress.0.protocol",
        value: "-1",
        messages: [
          ingressMessage("ingress[0]", `${WORLD[property]?.join() ?? ""} on every protocol and port`),
        ],
      },
      {
        path: "ingress.0.protocol",
        value: undefined,
        messages: [ingressMessage("ingress[0]", `${WORLD[property]?.join() ?? ""} on tcp 80`)],
      },
    ],
  })),
  {
    type: GROUP,
    compliant: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/16"] }] },
    wellWithout: ["ingress.*.protocol", "ingress.*.fromPort", "ingress.*.toPort"],
    mutations: [
      {
        path: "ingress.0.cidrBlocks",
        value: ["0.0.0.0/1", "128.0.0.0/1"],
        messages: [ingressMessage("ingress[0]", "0.0.0.0/1, 128.0.0.0/1 on tcp 22")],
      },
      {
        path: "ingress.0.ipv6CidrBlocks",
        value: ["::/1", "8000::/1"],
        messages: [ingressMessage("ingress[0]", "10.0.0.0/16, ::/1, 8000::/1 on tcp 22")],
      },
    ],
  },
]);

describe("ec2-no-world-ingress, evasions", () => {
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22 };

  it("joins the inline rules of one group", () => {
    const ingress = [
      { ...ssh, cidrBlocks: ["0.0.0.0/2"] },
      { ...ssh, toPort: 30, cidrBlocks: ["64.0.0.0/2"] },
    ];
    assert.deepEqual(violations(noWorldIngress, GROUP, { ingress }), [
      ingressMessage("ingress[0]", "0.0.0.0/2 on tcp 22"),
      ingressMessage("ingress[1]", "64.0.0.0/2 on tcp 22-30"),
    ]);
  });

  it("sees an open rule behind an unknown one", () => {
    const open = { ...ssh, cidrBlocks: ["0.0.0.0/0"] };
    const expected = [ingressMessage("ingress[1]", "0.0.0.0/0 on tcp 22")];
    assert.deepEqual(violations(noWorldIngress, GROUP, { ingress: [unknown, open] }), expected);
    const blurred = { ...ssh, cidrBlocks: [unknown], fromPort: unknown };
    assert.deepEqual(violations(noWorldIngress, GROUP, { ingress: [blurred, open] }), expected);
  });

  it("sees an open block beside an unknown one", () => {
    const ingress = [{ ...ssh, cidrBlocks: [unknown, "0.0.0.0/0"] }];
    assert.deepEqual(violations(noWorldIngress, GROUP, { ingress }), [
      ingressMessage("ingress[0]", "0.0.0.0/0 on tcp 22"),
    ]);
  });

  it("is not calmed by a rule for the group itself", () => {
    const ingress = [
      { ...ssh, self: true },
      { ...ssh, cidrBlocks: ["0.0.0.0/0"] },
    ];
    assert.equal(violations(noWorldIngress, GROUP, { ingress }).length, 1);
  });
});

/** What may be wrong with a rule that lets out, wherever it stands. */
const egressMutations = (before: string, protocol: string, cidrs: string, where: string): Mutation[] => [
  {
    path: `${before}${protocol}`,
    value: "-1",
    conditions: ["type", cidrs],
    messages: [egressMessage(where, `${WORLD[cidrs]?.join() ?? ""} on every protocol and port`)],
  },
  {
    path: `${before}toPort`,
    value: 65535,
    conditions: ["type", protocol, "fromPort", cidrs],
    messages: [egressMessage(where, `${WORLD[cidrs]?.join() ?? ""} on tcp 443-65535`)],
  },
  {
    path: `${before}fromPort`,
    value: 1,
    conditions: ["type", protocol, "toPort", cidrs],
    messages: [egressMessage(where, `${WORLD[cidrs]?.join() ?? ""} on tcp 1-443`)],
  },
];

describeRule(noUnrestrictedEgress, [
  ...["cidrIpv4", "cidrIpv6"].map((property) => ({
    type: EGRESS,
    compliant: { ipProtocol: "tcp", fromPort: 443, toPort: 443, [property]: WORLD[property]?.[0] },
    alsoCompliant: [{ ipProtocol: "-1", referencedSecurityGroupId: "sg-2" }],
    // Without one the other counts; AWS demands a protocol.
    wellWithout: ["ipProtocol", "fromPort", "toPort"],
    mutations: egressMutations("", "ipProtocol", property, "destination"),
  })),
  ...["cidrBlocks", "ipv6CidrBlocks"].flatMap((property) => [
    {
      type: OLD_RULE,
      compliant: { type: "egress", protocol: "tcp", fromPort: 443, toPort: 443, [property]: WORLD[property] },
      wellWithout: ["protocol", "fromPort", "toPort"],
      decides: [`${property}.*`],
      mutations: egressMutations("", "protocol", property, "destination"),
    },
    {
      type: GROUP,
      compliant: { egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, [property]: WORLD[property] }] },
      wellWithout: ["egress.*.protocol", "egress.*.fromPort", "egress.*.toPort"],
      decides: [`egress.*.${property}.*`, "egress.*.cidrBlocks", "egress.*.ipv6CidrBlocks"],
      mutations: egressMutations("egress.0.", "protocol", property, "egress[0]"),
    },
  ]),
]);

const emptied = (list: string): string =>
  `${list} is 1 rule(s); it must be empty. Remove ${list} and give each resource a security group of its own.`;
describeRule(defaultGroupEmpty, [
  {
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    compliant: { vpcId: "vpc-1", ingress: [], egress: [] },
    alsoCompliant: [{ vpcId: "vpc-1" }],
    mutations: ["ingress", "egress"].map((path) => ({
      path,
      value: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
      messages: [emptied(path)],
    })),
  },
]);

const administration = (cidr: string, port: number): string =>
  `cidrBlock is ${cidr} on port ${port}; it must be narrower than the world on this port. ` +
  "Set cidrBlock to the network that may connect, or fromPort and toPort to what is needed.";
describeRule(networkAclAdminPorts, [
  ...["cidrBlock", "ipv6CidrBlock"].map((property) => {
    const [cidr = ""] = WORLD[property] ?? [];
    const conditions = ["egress", "ruleAction", "protocol", "fromPort", "toPort", property];
    return {
      type: "aws:ec2/networkAclRule:NetworkAclRule",
      compliant: { ruleAction: "allow", protocol: "tcp", fromPort: 443, toPort: 443, [property]: cidr },
      alsoCompliant: [
        { ruleAction: "deny", protocol: "-1", [property]: cidr },
        { ruleAction: "allow", egress: true, protocol: "-1", [property]: cidr },
        { ruleAction: "allow", protocol: "tcp", fromPort: 23, toPort: 443, [property]: cidr },
        { ruleAction: "allow", protocol: "tcp", fromPort: 22, toPort: 22, [property]: NARROW[property] },
      ],
      mutations: [
        { path: "fromPort", value: 20, conditions, messages: [administration(cidr, 22)] },
        { path: "toPort", value: 3389, conditions, messages: [administration(cidr, 3389)] },
        {
          path: "protocol",
          value: "-1",
          conditions,
          messages: [administration(cidr, 22), administration(cidr, 3389)],
        },
        {
          path: "fromPort",
          value: undefined,
          conditions,
          messages: [administration(cidr, 22), administration(cidr, 3389)],
        },
      ],
    };
  }),
]);

const rule = (name: string, group: string, properties: object): Fixture => ({
  name,
  type: INGRESS,
  properties: { securityGroupId: unknown, ipProtocol: "tcp", ...properties },
  sources: { securityGroupId: [group] },
});
const web = { fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };

describe("ec2-world-only-to-load-balancer", () => {
  const balancer: Fixture = {
    name: "balancer",
    type: BALANCER,
    properties: { securityGroups: [unknown] },
    sources: { securityGroups: ["edge"] },
  };

  it("passes an open rule of a load balancer's group, told by dependencies alone", () => {
    const fixtures = [{ name: "edge", type: GROUP }, balancer, rule("open", "edge", web)];
    assert.deepEqual(stackViolations(worldOnlyToLoadBalancer, fixtures), []);
  });

  it("passes it by known values as well", () => {
    const fixtures = [
      { name: "edge", type: GROUP, properties: { id: "sg-1" } },
      { name: "balancer", type: BALANCER, properties: { securityGroups: ["sg-1"] } },
      { name: "open", type: INGRESS, properties: { securityGroupId: "sg-1", ipProtocol: "tcp", ...web } },
    ];
    assert.deepEqual(stackViolations(worldOnlyToLoadBalancer, fixtures), []);
  });

  it("refuses the same rule on any other group", () => {
    const fixtures = [
      { name: "edge", type: GROUP },
      { name: "service", type: GROUP },
      balancer,
      rule("open", "service", web),
    ];
    assert.deepEqual(stackViolations(worldOnlyToLoadBalancer, fixtures), [
      `open (${INGRESS}): source is 0.0.0.0/0 on tcp 443 of service, which guards no load balancer; it must be closed to the world. ` +
        "Let the load balancer's security group connect (referencedSecurityGroupId) instead of a CIDR block.",
    ]);
  });
});

describe("ec2-no-joined-world-ingress", () => {
  it("adds up the standalone rules of a group", () => {
    const half = (cidrIpv4: string): object => ({ fromPort: 5432, toPort: 5432, cidrIpv4 });
    const fixtures = [
      { name: "database", type: GROUP },
      rule("low", "database", half("0.0.0.0/2")),
      rule("high", "database", half("128.0.0.0/2")),
      rule("office", "database", { fromPort: 443, toPort: 443, cidrIpv4: "203.0.113.0/24" }),
    ];
    assert.deepEqual(
      stackViolations(noJoinedWorldIngress, fixtures).map((message) => message.split(";")[0]),
      ["low", "high"].map(
        (name) =>
          `${name} (${INGRESS}): source is ${name === "low" ? "0.0.0.0/2" : "128.0.0.0/2"} on tcp 5432, which adds up to the world with what else database lets in`,
      ),
    );
  });

  it("leaves rules of different groups and of different ports apart", () => {
    const fixtures = [
      { name: "one", type: GROUP },
      { name: "other", type: GROUP },
      rule("a", "one", { fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/2" }),
      rule("b", "other", { fromPort: 22, toPort: 22, cidrIpv4: "128.0.0.0/2" }),
      rule("c", "one", { fromPort: 23, toPort: 23, cidrIpv4: "128.0.0.0/2" }),
    ];
    assert.deepEqual(stackViolations(noJoinedWorldIngress, fixtures), []);
  });
});

describe("ec2-no-joined-world-egress", () => {
  const ssh = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };
  const quarters = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"];

  it("adds up the rules of a group that the stack does not show", () => {
    const fixtures = quarters.map((cidrIpv4, index) => ({
      name: `rule${index}`,
      type: EGRESS,
      properties: { securityGroupId: "sg-1", ...ssh, cidrIpv4 },
    }));
    assert.equal(stackViolations(noJoinedWorldEgress, fixtures).length, quarters.length);
  });

  it("adds up what a prefix list holds, and leaves what is the world by itself to the rule about one", () => {
    const list: Fixture = {
      name: "everywhere",
      type: "aws:ec2/managedPrefixList:ManagedPrefixList",
      properties: { entries: [{ cidr: "0.0.0.0/1" }, { cidr: "128.0.0.0/1" }] },
    };
    const listed: Fixture = {
      name: "listed",
      type: EGRESS,
      properties: { securityGroupId: unknown, ...ssh, prefixListId: unknown },
      sources: { securityGroupId: ["group"], prefixListId: ["everywhere"] },
    };
    const fixtures = [{ name: "group", type: GROUP }, list, listed];
    assert.match(
      stackViolations(noJoinedWorldEgress, fixtures)[0] ?? "",
      /^listed .*: destination is 0\.0\.0\.0\/1, 128\.0\.0\.0\/1 on tcp 22, which adds up/,
    );
    const alone = {
      name: "alone",
      type: EGRESS,
      properties: { securityGroupId: "sg-1", ...ssh, cidrIpv4: "0.0.0.0/0" },
    };
    assert.deepEqual(stackViolations(noJoinedWorldEgress, [alone]), []);
  });
});

describe("ec2-default-security-group-unused", () => {
  it("knows a VPC's own group by where the id comes from", () => {
    const rule: Fixture = {
      name: "rule",
      type: EGRESS,
      properties: { securityGroupId: unknown },
      sources: { securityGroupId: ["vpc"] },
    };
    const vpc: Fixture = { name: "vpc", type: "aws:ec2/vpc:Vpc" };
    assert.match(
      stackViolations(defaultGroupUnused, [vpc, rule])[0] ?? "",
      /the default security group of vpc;/,
    );
  });
});

describe("what a rule opens", () => {
  it("is shown by what it means to its protocol", () => {
    const shown = (ipProtocol: string, fromPort: number, toPort: number): string =>
      showOpening(openingOfNew({ ipProtocol, fromPort, toPort }));
    assert.deepEqual(
      [
        shown("icmp", -1, -1),
        shown("icmp", 8, -1),
        shown("58", -1, -1),
        shown("udp", 53, 53),
        shown("tcp", 20, 21),
      ],
      ["icmp of every type", "icmp type 8", "58 of every type", "udp 53", "tcp 20-21"],
    );
  });
});
