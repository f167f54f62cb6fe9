import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import type { PluginCall } from "./plugin.ts";
import { sendOutput, startPlugin } from "./plugin.ts";
import { openRelay } from "./relay.ts";

type RawCall = ServerUnaryCall<Buffer, Buffer>;
type Send = (path: string, request: Buffer) => Promise<Buffer>;

const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const HANDSHAKE = analyzerRpc.AnalyzerService.handshake.path;
const CONFIGURE_STACK = analyzerRpc.AnalyzerService.configureStack.path;
const EMPTY = Buffer.alloc(0);
const raw = (bytes: Buffer): Buffer => bytes;

/** The analyzer service with its messages left as bytes: what passes through need not be decoded. */
const RAW_SERVICE = Object.fromEntries(
  Object.entries(analyzerRpc.AnalyzerService).map(([name, method]) => [
    name,
    {
      ...method,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  ]),
) as grpc.ServiceDefinition;

/**
 * Runs a policy pack. The stack's name and configuration reach a pack by its environment, but the engine tells them only
 * by a call to the pack itself: so that call, and what else comes first, is taken here, and starts the pack. From then on
 * the engine is led to the pack itself, since passing on each call would cost as much as answering it.
 */
export async function runPolicyPack(call: PluginCall): Promise<void> {
  const server = new grpc.Server(UNLIMITED);
  let pack: Promise<Send> | undefined;
  server.addService(
    RAW_SERVICE,
    handlers(async (path, request) => {
      // Without a stack, as in `pulumi policy publish`, nothing configures the pack.
      pack ??= startPack(call, path === CONFIGURE_STACK ? request : undefined).then(({ port, send }) => {
        // Before the call is answered, so that the next one cannot but come by a new connection.
        relay.leadTo(port);
        return send;
      });
      return (await pack)(path, request);
    }),
  );
  const relay = await openRelay(server);
  call.on("cancelled", relay.close);
  call.on("finish", relay.close);
  sendOutput(call, `${relay.port}\n`);
}

function handlers(forward: Send): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(RAW_SERVICE).map(([name, { path }]) => [
      name,
      (rpc: RawCall, reply: sendUnaryData<Buffer>) => {
        // The engine has this answered before it tells the stack.
        const answer = path === HANDSHAKE ? Promise.resolve(EMPTY) : forward(path, rpc.request);
        answer.then(
          (response) => reply(null, response),
          (error: unknown) => reply(error as grpc.ServiceError),
        );
      },
    ]),
  );
}

async function startPack(
  call: PluginCall,
  configuration: Buffer | undefined,
): Promise<{ port: number; send: Send }> {
  const environment = configuration ? stackEnvironment(configuration) : {};
  const child = startPlugin(call, { runner: "@pulumi/pulumi/cmd/run-policy-pack", environment });
  const port = await announcedPort(call, child);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), UNLIMITED);
  call.on("finish", () => client.close());
  const send: Send = (path, request) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, raw, raw, request, (error, response) => {
        if (error) reject(error);
        else resolve(response ?? EMPTY);
      });
    });
  return { port, send };
}

function announcedPort(call: PluginCall, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error("the policy pack has no standard output");
    let announced = false;
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Whatever the pack prints of its own is passed on, also when it comes before the port.
      if (!announced && /^\d+$/.test(line)) {
        announced = true;
        resolve(Number(line));
      } else sendOutput(call, `${line}\n`);
    });
    child.once("close", (code) => {
      reject(
        new Error(
          `the policy pack ended before it answered (exit code ${code ?? "none"}); its output says why`,
        ),
      );
    });
  });
}

function stackEnvironment(configuration: Buffer): Record<string, string> {
  const request = analyzerPb.AnalyzerStackConfigureRequest.deserializeBinary(configuration);
  const values = {
    PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
    PULUMI_NODEJS_PROJECT: request.getProject(),
    PULUMI_NODEJS_STACK: request.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
