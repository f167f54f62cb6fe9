import assert from "node:assert/strict";
import { constructVpc } from "../../../../sandbox/cloud/awsx/vpc.ts";
import { record } from "./recorder.ts";

const args = {
  cidrBlock: "10.0.0.0/16",
  availabilityZoneCidrMask: 20,
  subnetStrategy: "Auto",
  natGateways: { strategy: "Single" },
  tags: { owner: "platform" },
  subnetSpecs: [
    { type: "Public", cidrMask: 24 },
    { type: "Private", cidrMask: 24 },
    { type: "Isolated", cidrMask: 28, name: "database" },
  ],
};

describe("awsx:ec2:Vpc in the stand-in cloud", () => {
  it("makes what pulumi-awsx makes, name for name, each below its parent", async () => {
    const { children } = await record(constructVpc, "main", { ...args, numberOfAvailabilityZones: 2 });
    const zone = (index: number) => [
      ...["public", "private", "database"].flatMap((spec) => {
        const name = `main-${spec}-${index}`;
        return [
          `subnet ${name} < vpc main`,
          `routeTable ${name} < subnet ${name}`,
          `routeTableAssociation ${name} < routeTable ${name}`,
        ];
      }),
      ...["public", "private"].map(
        (spec) => `route main-${spec}-${index} < routeTable main-${spec}-${index}`,
      ),
    ];
    assert.deepEqual(
      children
        .map(({ type, name, parent }) => `${/\/(\w+):/.exec(type)?.[1] ?? ""} ${name} < ${parent}`)
        .toSorted(),
      [
        "vpc main < ",
        "internetGateway main < vpc main",
        "eip main-1 < subnet main-public-1",
        "natGateway main-1 < subnet main-public-1",
        ...zone(1),
        ...zone(2),
      ].toSorted(),
    );
    for (const { parent, dependsOn } of children) assert.deepEqual(dependsOn, parent === "" ? [] : [parent]);
  });

  it("tags as pulumi-awsx does", async () => {
    const { of } = await record(constructVpc, "main", args);
    const tagsOf = (kind: string, name: string) =>
      of(kind).find((child) => child.name === name)?.inputs["tags"];
    assert.deepEqual(tagsOf("vpc", "main"), { Name: "main", owner: "platform" });
    const subnet = { Name: "main-database-2", SubnetType: "Isolated", owner: "platform" };
    assert.deepEqual(tagsOf("subnet", "main-database-2"), subnet);
    assert.deepEqual(tagsOf("routeTable", "main-database-2"), subnet);
    assert.deepEqual(tagsOf("eip", "main-1"), { Name: "main-1", owner: "platform" });
    assert.deepEqual(
      of("subnet").map(({ inputs }) => inputs["mapPublicIpOnLaunch"]),
      [...Array<boolean[]>(3)].flatMap(() => [true, false, false]),
    );
  });

  it("routes private subnets by the NAT gateway of their zone, or the only one, or not at all", async () => {
    const ways = async (strategy: string) => {
      const { of } = await record(constructVpc, "main", { ...args, natGateways: { strategy } });
      return of("route").flatMap(({ inputs }) => inputs["natGatewayId"] ?? []);
    };
    assert.deepEqual(await ways("Single"), Array(3).fill("natGateway main-1"));
    assert.deepEqual((await ways("OnePerAz")).toSorted(), [
      "natGateway main-1",
      "natGateway main-2",
      "natGateway main-3",
    ]);
    assert.deepEqual(await ways("None"), []);
  });

  it("answers with every output of the component", async () => {
    const { outputs } = await record(constructVpc, "main", args);
    assert.deepEqual(outputs["isolatedSubnetIds"], [
      "subnet main-database-1",
      "subnet main-database-2",
      "subnet main-database-3",
    ]);
    assert.deepEqual(outputs["publicSubnetIds"], [
      "subnet main-public-1",
      "subnet main-public-2",
      "subnet main-public-3",
    ]);
    assert.equal(outputs["vpcId"], "vpc main");
    assert.deepEqual(outputs["subnetLayout"], [
      { type: "Public", cidrMask: 24, size: 256 },
      { type: "Private", cidrMask: 24, size: 256 },
      { name: "database", type: "Isolated", cidrMask: 28, size: 16 },
    ]);
  });

  it("fills in endpoints with strategy Auto, and nothing without", async () => {
    const vpcEndpointSpecs = [
      { serviceName: "com.amazonaws.us-east-1.s3" },
      { serviceName: "com.amazonaws.us-east-1.logs", vpcEndpointType: "Interface" },
    ];
    const auto = await record(constructVpc, "main", {
      ...args,
      vpcEndpointSpecs,
      vpcEndpointStrategy: "Auto",
    });
    const [gateway, endpoint] = auto
      .of("vpcEndpoint")
      .toSorted((one, other) => other.name.localeCompare(one.name));
    assert.equal((gateway?.inputs["routeTableIds"] as unknown[]).length, 9);
    assert.equal(endpoint?.inputs["privateDnsEnabled"], true);
    assert.deepEqual(endpoint.inputs["subnetIds"], [
      "subnet main-private-1",
      "subnet main-private-2",
      "subnet main-private-3",
    ]);
    assert.deepEqual(endpoint.inputs["securityGroupIds"], ["securityGroup com.amazonaws.us-east-1.logs-sg"]);
    assert.deepEqual(auto.of("securityGroupRule")[0]?.inputs["cidrBlocks"], ["vpc main.cidrBlock"]);
    assert.equal(auto.of("vpc")[0]?.inputs["enableDnsHostnames"], true);
    const legacy = await record(constructVpc, "main", { ...args, vpcEndpointSpecs });
    assert.deepEqual(Object.keys(legacy.of("vpcEndpoint")[0]?.inputs ?? {}).toSorted(), [
      "serviceName",
      "tags",
      "vpcId",
    ]);
  });

  it("refuses what pulumi-awsx refuses", async () => {
    const refused = (more: object) => record(constructVpc, "main", { ...args, ...more });
    await assert.rejects(
      refused({ availabilityZoneNames: ["us-east-1a"], numberOfAvailabilityZones: 2 }),
      /Only one of/,
    );
    await assert.rejects(
      refused({ numberOfAvailabilityZones: 9 }),
      /does not have at least 9 Availability Zones/,
    );
    await assert.rejects(
      refused({ natGateways: { strategy: "Twice" } }),
      /Unknown NatGatewayStrategy 'Twice'/,
    );
    await assert.rejects(refused({ subnetSpecs: [{ type: "Private" }] }), /public subnets must be declared/);
    await assert.rejects(refused({ subnetStrategy: "Legacy" }), /Give subnetStrategy: "Auto"/);
  });
});
