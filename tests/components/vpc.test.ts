import assert from "node:assert/strict";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { assertVpcArgs, zoneCapacity, zoneMask } from "../../components/vpc-layout.ts";
import { Vpc, type VpcArgs } from "../../components/vpc.ts";
import { layOutSubnets, type SubnetSpec } from "../../sandbox/cloud/awsx/layout.ts";
import * as examples from "./examples.ts";
import { run, valueOf, type Recording } from "./mocks.ts";

async function make(changes: Partial<VpcArgs> = {}): Promise<{ result: Vpc; recording: Recording }> {
  return run(() => new Vpc("network", { ...examples.vpc, ...changes }));
}

function problemsOf(changes: Partial<VpcArgs>): string[] {
  try {
    assertVpcArgs("network", { ...examples.vpc, ...changes });
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }
  return [];
}

describe("Vpc", () => {
  it("asks awsx for a public /24, a private /24 and an isolated /28 in three zones of a fixed size", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("awsx:ec2:Vpc").inputs, {
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 3,
      availabilityZoneCidrMask: 20,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrMask: 24 },
        { type: "Private", cidrMask: 24 },
        { type: "Isolated", cidrMask: 28 },
      ],
      enableDnsHostnames: true,
    });
  });

  it("pins the zones by name where names are given", async () => {
    const { recording } = await make({ zones: 2, zoneNames: ["us-east-1a", "us-east-1c"] });
    const { inputs } = recording.one("awsx:ec2:Vpc");
    assert.deepEqual(inputs["availabilityZoneNames"], ["us-east-1a", "us-east-1c"]);
    assert.equal(inputs["numberOfAvailabilityZones"], undefined);
  });

  it("renumbers nothing when a zone is added: a zone's share depends on the block alone", async () => {
    const before = await make({ zones: 3 });
    const after = await make({ zones: 4 });
    const layout = ({ recording }: { recording: Recording }) => ({
      ...recording.one("awsx:ec2:Vpc").inputs,
      numberOfAvailabilityZones: "any",
    });
    assert.deepEqual(layout(after), layout(before));
    const rules = ({ recording }: { recording: Recording }) =>
      recording
        .all("NetworkAclRule")
        .map(({ name, inputs }) => [name, inputs["ruleNumber"], inputs["cidrBlock"]]);
    assert.deepEqual(rules(after).slice(0, 6), rules(before));
  });

  it("leaves every subnet where it is when zones are added, as awsx lays them out (property)", async () => {
    const { recording } = await make();
    const specs = recording.one("awsx:ec2:Vpc").inputs["subnetSpecs"] as SubnetSpec[];
    const sizes = fc.record({
      second: fc.nat(255),
      bits: fc.integer({ min: 16, max: 20 }),
      zones: fc.uniqueArray(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 2 }),
    });
    fc.assert(
      fc.property(sizes, ({ second, bits, zones }) => {
        const vpcCidr = `10.${second}.0.0/${bits}`;
        const [few = 2, many = 3] = zones.toSorted((a, b) => a - b);
        fc.pre(many <= zoneCapacity(vpcCidr));
        const layout = (count: number) =>
          layOutSubnets({ vpcCidr, zones: count, zoneMask: zoneMask(vpcCidr), specs });
        assert.deepEqual(layout(many).slice(0, few * specs.length), layout(few));
      }),
    );
  });

  it("gives every zone the room for its subnets, in every block it accepts (property)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 2, max: 6 }), (bits, zones) => {
        const cidrBlock = `10.0.0.0/${bits}`;
        assert.ok(2 ** (32 - zoneMask(cidrBlock)) >= 256 + 256 + 16, "a zone holds its three subnets");
        const fits = zones * 2 ** (32 - zoneMask(cidrBlock)) <= 2 ** (32 - bits);
        assert.equal(fits, zones <= zoneCapacity(cidrBlock));
        assert.equal(problemsOf({ cidrBlock, zones }).length, fits ? 0 : 1);
      }),
    );
  });

  for (const [natGateways, strategy] of [
    ["none", "None"],
    ["single", "Single"],
    ["perZone", "OnePerAz"],
  ] as const) {
    it(`makes NAT gateways: ${natGateways}`, async () => {
      const { recording } = await make({ natGateways });
      assert.deepEqual(recording.one("awsx:ec2:Vpc").inputs["natGateways"], { strategy });
    });
  }

  it("always has the S3 gateway endpoint and tells its prefix list", async () => {
    const { result, recording } = await make();
    assert.partialDeepStrictEqual(recording.one("awsx:ec2:Vpc").inputs, {
      vpcEndpointStrategy: "Auto",
      vpcEndpointSpecs: [{ serviceName: "com.amazonaws.us-east-1.s3", vpcEndpointType: "Gateway" }],
    });
    assert.equal(await valueOf(result.s3PrefixListId), "pl-63a5400a");
  });

  it("has no interface endpoint unless asked", async () => {
    const { result, recording } = await make();
    assert.equal(result.endpoints, undefined);
    assert.deepEqual(recording.all("VpcEndpoint"), []);
  });

  it("puts the interface endpoints asked for into the private subnets, behind one group", async () => {
    const { result, recording } = await make({ interfaceEndpoints: ["ecr.api", "secretsmanager"] });
    assert.deepEqual(recording.names("VpcEndpoint"), ["network-ecr-api", "network-secretsmanager"]);
    assert.deepEqual(recording.one("VpcEndpoint", "network-ecr-api").inputs, {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      serviceName: "com.amazonaws.us-east-1.ecr.api",
      vpcEndpointType: "Interface",
      subnetIds: ["subnet-private-1", "subnet-private-2", "subnet-private-3"],
      securityGroupIds: ["network-endpoints-id"],
      privateDnsEnabled: true,
    });
    assert.ok(result.endpoints);
    assert.equal(result.endpoints.port, 443);
    assert.equal(await valueOf(result.endpoints.securityGroupId), "network-endpoints-id");
  });

  it("adopts the default security group and leaves it without a rule", async () => {
    const { recording } = await make();
    assert.deepEqual(recording.one("DefaultSecurityGroup").inputs, { vpcId: "vpc-0a1b2c3d4e5f60718" });
  });

  it("lets the isolated subnets talk to the private ones and to nobody else", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("NetworkAcl").inputs, {
      subnetIds: ["subnet-isolated-1", "subnet-isolated-2", "subnet-isolated-3"],
    });
    const rules = recording.all("NetworkAclRule").map(({ inputs }) => inputs);
    const blocks = ["10.0.1.0/24", "10.0.17.0/24", "10.0.33.0/24"];
    for (const egress of [false, true]) {
      assert.deepEqual(
        rules.filter((rule) => rule["egress"] === egress).map((rule) => rule["cidrBlock"]),
        blocks,
      );
    }
    assert.ok(rules.every((rule) => rule["ruleAction"] === "allow" && rule["protocol"] === "tcp"));
  });

  it("knows the rules' addresses where a preview does not know the subnets", async () => {
    const { recording } = await run(() => new Vpc("network", examples.vpc), { preview: true });
    assert.equal(recording.all("NetworkAclRule").length, 6);
  });

  it("logs all traffic into an encrypted log group, by a role that may do no more", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("LogGroup", "network-flow").inputs, {
      retentionInDays: 90,
      kmsKeyId: examples.kmsKeyArn,
    });
    assert.partialDeepStrictEqual(recording.one("FlowLog").inputs, {
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: "arn:aws:cloudwatch:us-east-1:123456789012:loggroup/network-flow",
    });
    const [permission, ...others] = recording.statements(recording.one("RolePolicy"));
    assert.deepEqual(others, []);
    assert.ok((permission?.["resources"] as string[]).every((arn) => arn.includes("network-flow")));
    const [trust] = recording.statements(recording.one("aws:iam/role:Role"));
    assert.partialDeepStrictEqual(trust, {
      principals: { Service: "vpc-flow-logs.amazonaws.com" },
      conditions: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  it("does without flow logs where none are asked for", async () => {
    const args = { ...examples.vpc };
    delete args.flowLogs;
    const { recording } = await run(() => new Vpc("network", args));
    assert.deepEqual([...recording.all("FlowLog"), ...recording.all("LogGroup")], []);
  });

  it("tells all bad arguments at once, before anything is made", () => {
    assert.throws(
      () =>
        new Vpc("network", {
          ...examples.vpc,
          cidrBlock: "10.0.0.0/8",
          zones: 1,
          zoneNames: [],
          interfaceEndpoints: ["logs", "logs"],
          flowLogs: { retentionDays: 8, kmsKeyArn: examples.kmsKeyArn },
        }),
      (error) =>
        pulumi.InputPropertiesError.isInstance(error) &&
        /^Vpc "network" has 5 bad arguments:/.test(error.message) &&
        /\n {2}cidrBlock is "10\.0\.0\.0\/8", no IPv4 block/.test(error.message),
    );
  });

  for (const [what, changes, path] of [
    ["a block that does not begin at its first address", { cidrBlock: "10.0.1.0/16" }, "cidrBlock"],
    ["a byte above 255", { cidrBlock: "10.0.256.0/20" }, "cidrBlock"],
    ["more zones than the block has room for", { cidrBlock: "10.0.0.0/20", zones: 5 }, "zones"],
    ["half a zone", { zones: 2.5 }, "zones"],
    ["fewer names than zones", { zones: 3, zoneNames: ["us-east-1a", "us-east-1b"] }, "zoneNames"],
  ] as const) {
    it(`refuses ${what}`, () => assert.deepEqual(problemsOf(changes as Partial<VpcArgs>), [path]));
  }
});
