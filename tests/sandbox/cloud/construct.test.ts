import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import monitors from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import { startCloud } from "../../../sandbox/cloud/cloud.ts";
import type { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { Linked, plain } from "../../../sandbox/cloud/component.ts";
import type { Component } from "../../../sandbox/cloud/component.ts";
import { decode, encode } from "../../../sandbox/cloud/wire.ts";
import { deriveSchema } from "../../../sandbox/schema/derivation.ts";
import { tables } from "./fixture.ts";

const vpcType = "awsx:ec2:Vpc";

/** A network and one subnet in it. */
const network: Component = async ({ name, inputs, register, invoke }) => {
  const zones = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {});
  const [zone] = zones["names"] as string[];
  const vpc = await register("aws:ec2/vpc:Vpc", name, {
    cidrBlock: inputs["cidrBlock"],
    tags: inputs["tags"],
  });
  const subnet = await register(
    "aws:ec2/subnet:Subnet",
    `${name}-1`,
    { vpcId: vpc.id, availabilityZone: zone, cidrBlock: vpc.output("cidrBlock") },
    { parent: vpc, dependsOn: [vpc] },
  );
  return { vpcId: vpc.id, vpc: vpc.reference, privateSubnetIds: [subnet.id] };
};

/** Stands in for the engine's resource monitor: echoes what is registered and remembers it. */
class Monitor {
  readonly registered: pb.RegisterResourceRequest[] = [];
  readonly outputs: pb.RegisterResourceOutputsRequest[] = [];
  readonly #server = new grpc.Server();

  async start(): Promise<string> {
    this.#server.addService(monitors.ResourceMonitorService, {
      registerResource: (
        { request }: ServerUnaryCall<pb.RegisterResourceRequest, pb.RegisterResourceResponse>,
        answer: sendUnaryData<pb.RegisterResourceResponse>,
      ) => {
        this.registered.push(request);
        const response = new pb.RegisterResourceResponse()
          .setUrn(`urn:${request.getType()}::${request.getName()}`)
          .setId(request.getCustom() ? `${request.getName()}-id` : "")
          .setObject(request.getObject());
        answer(null, response);
      },
      registerResourceOutputs: (
        { request }: ServerUnaryCall<pb.RegisterResourceOutputsRequest, empty.Empty>,
        answer: sendUnaryData<empty.Empty>,
      ) => {
        this.outputs.push(request);
        answer(null, new empty.Empty());
      },
      invoke: (_: unknown, answer: sendUnaryData<pb.ResourceInvokeResponse>) => {
        answer(null, new pb.ResourceInvokeResponse().setReturn(encode({ names: ["us-east-1a"] })));
      },
    });
    return new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(`127.0.0.1:${port}`);
        else reject(error);
      });
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

describe("a component of the stand-in cloud", () => {
  let folder: string;
  let cloud: Cloud;
  let client: services.ResourceProviderClient;
  let monitor: Monitor;
  let endpoint: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "construct-"));
    const schema = deriveSchema({ sdk: "@pulumi/awsx", resources: [vpcType], functions: [] });
    const awsx = { schema, components: { [vpcType]: network } };
    cloud = await startCloud({ file: join(folder, "cloud.json"), tables: { ...tables, awsx } });
    client = new services.ResourceProviderClient(
      `127.0.0.1:${cloud.ports.awsx}`,
      grpc.credentials.createInsecure(),
    );
  });
  after(async () => {
    client.close();
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    monitor = new Monitor();
    endpoint = await monitor.start();
  });
  afterEach(() => monitor.stop());

  function construct(inputs: Readonly<Record<string, unknown>>): Promise<provider.ConstructResponse> {
    const request = new provider.ConstructRequest()
      .setType(vpcType)
      .setName("net")
      .setParent("urn:stack")
      .setMonitorendpoint(endpoint)
      .setProtect(true)
      .setInputs(encode(inputs));
    request.getProvidersMap().set("aws", "urn:provider::id");
    return new Promise((resolve, reject) => {
      client.construct(request, (error, response) => {
        if (error === null) resolve(response);
        else reject(new Error(error.details));
      });
    });
  }

  it("registers itself and its children, with parents, providers and protection", async () => {
    const response = await construct({ cidrBlock: "10.0.0.0/16" });
    assert.deepEqual(
      monitor.registered.map((request) => [request.getType(), request.getName(), request.getParent()]),
      [
        [vpcType, "net", "urn:stack"],
        ["aws:ec2/vpc:Vpc", "net", `urn:${vpcType}::net`],
        ["aws:ec2/subnet:Subnet", "net-1", "urn:aws:ec2/vpc:Vpc::net"],
      ],
    );
    const [, vpc] = monitor.registered;
    assert.equal(vpc?.getProvider(), "urn:provider::id");
    assert.equal(vpc.getProtect(), true);
    assert.equal(response.getUrn(), `urn:${vpcType}::net`);
  });

  it("carries dependencies, property by property, and secrets", async () => {
    const tags = new Linked({ owner: "x" }, ["urn:owner"], true);
    const response = await construct({ cidrBlock: "10.0.0.0/16", tags });
    const [, vpc, subnet] = monitor.registered;
    assert.deepEqual(vpc?.getPropertydependenciesMap().get("tags")?.getUrnsList(), ["urn:owner"]);
    assert.ok(decode(vpc.getObject(), "linked")["tags"] instanceof Linked);
    assert.deepEqual(subnet?.getPropertydependenciesMap().get("vpcId")?.getUrnsList(), [
      "urn:aws:ec2/vpc:Vpc::net",
    ]);
    assert.deepEqual(subnet.getDependenciesList(), ["urn:aws:ec2/vpc:Vpc::net"]);
    assert.deepEqual(decode(subnet.getObject()), {
      vpcId: "net-id",
      availabilityZone: "us-east-1a",
      cidrBlock: "10.0.0.0/16",
    });
    const state = decode(response.getState());
    assert.deepEqual([state["vpcId"], state["privateSubnetIds"]], ["net-id", ["net-1-id"]]);
    assert.deepEqual(response.getStatedependenciesMap().get("privateSubnetIds")?.getUrnsList(), [
      "urn:aws:ec2/subnet:Subnet::net-1",
    ]);
    assert.equal(monitor.outputs.length, 1);
  });

  it("refuses wrong arguments before it makes anything, all at once", async () => {
    await assert.rejects(construct({ cidrBlok: "10.0.0.0/16", subnetSpecs: [{ type: "Publc" }] }), {
      message: [
        'awsx:ec2:Vpc "net" has wrong arguments:',
        '  cidrBlok: awsx:ec2:Vpc has no property "cidrBlok"; did you mean "cidrBlock"?',
        '  subnetSpecs[0].type: expected one of "Public", "Private", "Isolated", "Unused", got another string; did you mean "Public"?',
      ].join("\n"),
    });
    assert.equal(monitor.registered.length, 0);
  });

  it("sees its inputs plain where it needs to", () => {
    assert.deepEqual(plain({ a: [new Linked({ b: new Linked(1, []) }, ["urn"])] }), { a: [{ b: 1 }] });
  });
});
