import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

interface Seen {
  readonly promiseTraces: readonly string[];
  readonly errorTrace: string;
  readonly stackTraceLimit: number;
}

/** What the engine is told of where a resource was made. */
interface Position {
  readonly position: boolean;
  readonly frames: number;
}

const probe = join(import.meta.dirname, "sdk-probe.ts");

/** The SDK as it is installed, in a process of its own: its modules are changed for good. */
describe("stacks/quiet-sdk", function () {
  this.timeout(60_000);
  let server: grpc.Server;
  let address: string;
  const messages: engine.LogRequest.AsObject[] = [];
  const positions: Position[] = [];
  let quiet: Seen & { readonly debugging: number; readonly told: number; readonly made: readonly Position[] };
  let talkative: typeof quiet;

  before(async () => {
    server = new grpc.Server();
    server.addService(engineServices.EngineService, {
      log: (call: ServerUnaryCall<engine.LogRequest, empty.Empty>, reply: sendUnaryData<empty.Empty>) => {
        messages.push(call.request.toObject());
        reply(null, new empty.Empty());
      },
    });
    server.addService(services.ResourceMonitorService, {
      supportsFeature: (_: unknown, reply: sendUnaryData<pb.SupportsFeatureResponse>) =>
        reply(null, new pb.SupportsFeatureResponse().setHassupport(true)),
      invoke: (_: unknown, reply: sendUnaryData<pb.ResourceInvokeResponse>) =>
        reply(null, new pb.ResourceInvokeResponse().setReturn(new struct.Struct())),
      registerResource: (
        { request }: ServerUnaryCall<pb.RegisterResourceRequest, pb.RegisterResourceResponse>,
        reply: sendUnaryData<pb.RegisterResourceResponse>,
      ) => {
        positions.push({
          position: request.hasSourceposition(),
          frames: request.getStacktrace()?.getFramesList().length ?? 0,
        });
        const urn = `urn:pulumi:probe::probe::${request.getType()}::${request.getName()}`;
        reply(null, new pb.RegisterResourceResponse().setUrn(urn).setObject(new struct.Struct()));
      },
      registerResourceOutputs: (_: unknown, reply: sendUnaryData<empty.Empty>) =>
        reply(null, new empty.Empty()),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    address = `127.0.0.1:${port}`;
    quiet = await run({});
    talkative = await run({ MACRO_AI_DEBUG_SDK: "1" });
  });
  after(() => server.forceShutdown());

  async function run(variables: Record<string, string>): Promise<typeof quiet> {
    messages.length = 0;
    positions.length = 0;
    const { stdout } = await promisify(execFile)(process.execPath, [probe, address], {
      env: { ...process.env, MACRO_AI_DEBUG_SDK: undefined, ...variables },
    });
    const count = (severity: engine.LogSeverity) =>
      messages.filter((message) => message.severity === severity).length;
    const { DEBUG, INFO } = engine.LogSeverity;
    return {
      ...(JSON.parse(stdout) as Seen),
      debugging: count(DEBUG),
      told: count(INFO),
      made: [...positions],
    };
  }

  it("leaves stack traces to Node, which tells the sources' own places", () => {
    assert.match(quiet.errorTrace, /^Error: afterwards\n +at .*sdk-probe\.ts:\d+:\d+/);
  });

  it("captures no trace for the SDK's promises, and leaves those of errors as long as they were", () => {
    assert.deepEqual(quiet.promiseTraces, ["Error"]);
    assert.equal(quiet.stackTraceLimit, 10);
  });

  it("sends no debugging messages to the engine, but all others", () => {
    assert.deepEqual({ debugging: quiet.debugging, told: quiet.told }, { debugging: 0, told: 1 });
  });

  it("does not tell where a resource was made", () => {
    assert.deepEqual(quiet.made, [{ position: false, frames: 0 }]);
  });

  it("leaves everything as it is where MACRO_AI_DEBUG_SDK is set", () => {
    assert.match(talkative.errorTrace, /formatted/);
    assert.match(talkative.promiseTraces.join(), /^Error\n.*formatted/);
    assert.equal(talkative.told, 1);
    const [made] = talkative.made;
    assert.ok(made?.position && made.frames > 0, JSON.stringify(talkative.made));
    assert.ok(talkative.debugging >= 2, String(talkative.debugging));
  });
});
