// An engine without an engine: it answers a program's registrations as a preview of a new stack would, so that the
// program's evaluation can be timed alone. It runs as a process of its own and prints its address, then, whenever a
// program has ended, how many resources that one registered.

import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";

/** Function token to its result; every other function has none. */
const knownResults: Readonly<Record<string, struct.Struct>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": struct.Struct.fromJavaScript({
    accountId: "123456789012",
  }),
};

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const features = Object.values(pb.ResourceMonitorFeature).filter((feature) => typeof feature === "number");
let registered = 0;

const nothing = () => new empty.Empty();

const monitor = {
  getDeploymentInfo: () => new pb.DeploymentInfo().setSupportedfeaturesList(features),
  supportsFeature: () => new pb.SupportsFeatureResponse().setHassupport(true),
  invoke: (request: pb.ResourceInvokeRequest) =>
    new pb.ResourceInvokeResponse().setReturn(knownResults[request.getTok()] ?? new struct.Struct()),
  readResource: (request: pb.ReadResourceRequest) =>
    new pb.ReadResourceResponse().setUrn(urnOf(request)).setProperties(request.getProperties()),
  registerResource: (request: pb.RegisterResourceRequest) => {
    registered++;
    return new pb.RegisterResourceResponse().setUrn(urnOf(request)).setObject(request.getObject());
  },
  registerResourceOutputs: nothing,
  registerStackTransform: nothing,
  registerStackInvokeTransform: nothing,
  registerResourceHook: nothing,
  registerPackage: () => new pb.RegisterPackageResponse(),
  signalAndWaitForShutdown: () => {
    process.stdout.write(`${registered}\n`);
    registered = 0;
    return nothing();
  },
};

const log = {
  log: (request: engine.LogRequest) => {
    if (request.getSeverity() === engine.LogSeverity.ERROR) process.stderr.write(`${request.getMessage()}\n`);
    return nothing();
  },
  setRootResource: () => new engine.SetRootResourceResponse(),
  getRootResource: () => new engine.GetRootResourceResponse(),
};

const server = new grpc.Server(unlimited);
server.addService(services.ResourceMonitorService, answering(monitor));
server.addService(engineServices.EngineService, answering(log));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`127.0.0.1:${port}\n`);
});

function urnOf(request: { getType(): string; getName(): string }): string {
  return `urn:pulumi:bench::macro-ai::${request.getType()}::${request.getName()}`;
}

type Method = (request: never) => unknown;

function answering(methods: Readonly<Record<string, Method>>): UntypedServiceImplementation {
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, handler(method)]));
}

function handler(method: Method) {
  const answer = method as (request: object) => unknown;
  return (call: ServerUnaryCall<object, unknown>, reply: sendUnaryData<unknown>): void =>
    reply(null, answer(call.request));
}
