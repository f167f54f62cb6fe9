import assert from "node:assert/strict";
import { Gate } from "../../policies/core/gate.ts";
import type { StackResource } from "../../policies/core/graph.ts";
import { SecretSight } from "../../policies/core/secrets.ts";
import { rules } from "../../policies/rules.ts";
import { unknown, unknownCheckingProxy, type Inputs } from "./harness.ts";

/** A program of somebody else, in the manner of Pulumi's introductions to AWS: a site in a bucket and a web server. */
const program: { name: string; type: string; inputs: Inputs; sources?: Record<string, string> }[] = [
  { name: "site", type: "aws:s3/bucket:Bucket", inputs: { bucket: "site-1a2b3c4" } },
  {
    name: "ownership",
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs: { bucket: unknown, rule: { objectOwnership: "ObjectWriter" } },
    sources: { bucket: "site" },
  },
  {
    name: "open",
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: { bucket: unknown, blockPublicAcls: false },
    sources: { bucket: "site" },
  },
  {
    name: "index",
    type: "aws:s3/bucketObjectv2:BucketObjectv2",
    inputs: { bucket: unknown, key: "index.html", acl: "public-read" },
    sources: { bucket: "site" },
  },
  {
    name: "web",
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: {
      description: "Enable HTTP access",
      ingress: [
        { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] },
        { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
      ],
    },
  },
  {
    name: "server",
    type: "aws:ec2/instance:Instance",
    inputs: {
      instanceType: "t3.micro",
      ami: "ami-1",
      vpcSecurityGroupIds: [unknown],
      associatePublicIpAddress: true,
    },
    sources: { vpcSecurityGroupIds: "web" },
  },
];

describe("a program that knows nothing of the pack", () => {
  it("gets findings that fit it, and no rule breaks on it", () => {
    const gate = new Gate(rules, { preview: true, stack: {}, today: new Date() }, new SecretSight());
    const urnOf = (name: string): string => {
      const type = program.find((resource) => resource.name === name)?.type ?? assert.fail(name);
      return `urn:pulumi:dev::website::${type}::${name}`;
    };
    const before = program.flatMap(({ name, type, inputs }) =>
      gate.resource({ urn: urnOf(name), name, type, custom: true, properties: unknownCheckingProxy(inputs) }),
    );
    const stack: StackResource = {
      urn: "urn:pulumi:dev::website::pulumi:pulumi:Stack::website-dev",
      type: "pulumi:pulumi:Stack",
      name: "website-dev",
      props: {},
      propertyDependencies: {},
    };
    const after = gate.stack([
      stack,
      ...program.map(({ name, type, inputs, sources = {} }) => ({
        urn: urnOf(name),
        type,
        name,
        props: unknownCheckingProxy(inputs),
        provider: {},
        propertyDependencies: Object.fromEntries(
          Object.entries(sources).map(([property, source]) => [property, [{ urn: urnOf(source) }]]),
        ),
      })),
    ]);
    const told = [...before, ...after].map(
      ({ rule, message }) => `${rule.name} ${message.split(" ")[0] ?? ""}`,
    );
    for (const expected of [
      "s3-owner-enforced ownership",
      "s3-block-public-access open",
      "s3-no-public-acl index",
      "s3-tls-only site",
      "s3-encrypted site",
      "ec2-no-world-ingress web",
      "ec2-no-public-addresses server",
      "ec2-instance-hardened server",
      "network-internet-reach server",
    ])
      assert.ok(told.includes(expected), `${expected} not in\n${told.join("\n")}`);
    const broken = [...before, ...after].filter(({ message }) => message.includes("is broken"));
    assert.deepEqual(broken, []);
    const path = after.find(({ message }) => message.includes("tcp 22"))?.message ?? "";
    assert.match(path, /internet -> server \(tcp 22, .*ingress\[1\] of web\)/);
  });
});
