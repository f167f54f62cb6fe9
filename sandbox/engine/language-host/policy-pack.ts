import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import { createInterface } from "node:readline";

import type { PluginCall } from "./plugin.ts";
import { sendOutput, startPlugin } from "./plugin.ts";

type RawCall = ServerUnaryCall<Buffer, Buffer>;
type Send = (method: string, request: Buffer) => Promise<Buffer>;

const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
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
 * Runs a policy pack behind a proxy. The stack's name and configuration reach a pack by its environment, but the engine tells
 * them only by a call to the pack itself; so the proxy takes that call, starts the pack with what it says, and passes on the rest.
 */
export async function runPolicyPack(call: PluginCall): Promise<void> {
  const configured = Promise.withResolvers<Buffer | undefined>();
  const pack = configured.promise.then((configuration) => startPack(call, configuration));
  pack.catch(() => undefined); // told to whoever calls

  const server = new grpc.Server(UNLIMITED);
  server.addService(RAW_SERVICE, handlers(configured.resolve, pack));
  const port = await listen(server);
  call.on("cancelled", () => server.forceShutdown());
  call.on("finish", () => server.forceShutdown());
  sendOutput(call, `${port}\n`);
}

function handlers(configure: (request?: Buffer) => void, pack: Promise<Send>): UntypedServiceImplementation {
  const own: Record<string, (request: Buffer) => Promise<Buffer> | Buffer> = {
    handshake: () => EMPTY,
    configureStack: (request) => {
      configure(request);
      return EMPTY;
    },
  };
  return Object.fromEntries(
    Object.entries(RAW_SERVICE).map(([name, method]) => {
      const answer =
        own[name] ??
        (async (request: Buffer) => {
          configure(); // without a stack, as in `pulumi policy publish`, nothing configures the pack
          return (await pack)(method.path, request);
        });
      return [
        name,
        (rpc: RawCall, reply: sendUnaryData<Buffer>) => {
          Promise.resolve(answer(rpc.request)).then(
            (response) => reply(null, response),
            (error: unknown) => reply(error as grpc.ServiceError),
          );
        },
      ];
    }),
  );
}

async function startPack(call: PluginCall, configuration: Buffer | undefined): Promise<Send> {
  const environment = configuration ? stackEnvironment(configuration) : {};
  const child = startPlugin(call, { runner: "@pulumi/pulumi/cmd/run-policy-pack", environment });
  const port = await new Promise<string>((resolve, reject) => {
    if (!child.stdout) throw new Error("the policy pack has no standard output");
    let announced = false;
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Whatever the pack prints of its own is passed on, also when it comes before the port.
      if (!announced && /^\d+$/.test(line)) {
        announced = true;
        resolve(line);
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
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), UNLIMITED);
  call.on("finish", () => client.close());
  const send: Send = (path, request) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, raw, raw, request, (error, response) => {
        if (error) reject(error);
        else resolve(response ?? EMPTY);
      });
    });
  if (configuration) {
    await send(analyzerRpc.AnalyzerService.configureStack.path, configuration).catch((error: unknown) => {
      // Packs older than the call manage without it.
      if ((error as grpc.ServiceError).code !== grpc.status.UNIMPLEMENTED) throw error;
    });
  }
  return send;
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

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
