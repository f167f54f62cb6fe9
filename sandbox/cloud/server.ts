/** Serves one provider of the stand-in cloud as the engine's ResourceProvider. */

import grpc from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

import type { Schema } from "../schema/schema.ts";
import { packageSchema } from "./package-schema.ts";
import { packed } from "./packed.ts";

/** One call as it is told to whoever watches. */
export interface CloudEvent {
  readonly provider: string;
  /** Name of the gRPC method, e.g. `create`. */
  readonly operation: string;
  /** Type token or function token; empty for calls about the provider itself. */
  readonly type: string;
  readonly urn: string;
  /** Wall time spent in the stand-in. */
  readonly milliseconds: number;
  readonly error: string | undefined;
}

/** The answer to one method: from the request, and the connection that it came over, to the response. */
export type Method<Request, Response> = (request: Request, peer: string) => Response | Promise<Response>;

/** The methods that a provider of the stand-in may answer beside the common ones. */
export interface Methods {
  readonly handshake: Method<pb.ProviderHandshakeRequest, pb.ProviderHandshakeResponse>;
  readonly configure: Method<pb.ConfigureRequest, pb.ConfigureResponse>;
  readonly check?: Method<pb.CheckRequest, pb.CheckResponse>;
  readonly diff?: Method<pb.DiffRequest, pb.DiffResponse>;
  readonly create?: Method<pb.CreateRequest, pb.CreateResponse>;
  readonly read?: Method<pb.ReadRequest, pb.ReadResponse>;
  readonly update?: Method<pb.UpdateRequest, pb.UpdateResponse>;
  readonly delete?: Method<pb.DeleteRequest, empty.Empty>;
  readonly invoke?: Method<pb.InvokeRequest, pb.InvokeResponse>;
  readonly construct?: Method<pb.ConstructRequest, pb.ConstructResponse>;
}

export interface ServerOptions {
  readonly provider: string;
  /** What the SDK declares; its version is that of the plugin it wants. */
  readonly schema: Schema;
  readonly methods: Methods;
  readonly onEvent: (event: CloudEvent) => void;
}

/** A provider that serves. */
export interface Served {
  readonly port: number;
  readonly stop: () => void;
}

/** Serves on a free port of the loopback interface. */
export async function serve(options: ServerOptions): Promise<Served> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(packed(services.ResourceProviderService), implementation(options));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else
        reject(
          new Error(`The stand-in for ${options.provider} cannot listen on 127.0.0.1: ${error.message}`),
        );
    });
  });
  return { port, stop: () => server.forceShutdown() };
}

function implementation(options: ServerOptions): UntypedServiceImplementation {
  const common: Record<string, Method<never, unknown>> = {
    getPluginInfo: () => new plugin.PluginInfo().setVersion(options.schema.sdk.version),
    attach: () => new empty.Empty(),
    cancel: () => new empty.Empty(),
    getSchema: () =>
      new pb.GetSchemaResponse().setSchema(JSON.stringify(packageSchema(options.provider, options.schema))),
    checkConfig: (request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews()),
    diffConfig,
  };
  const handlers: UntypedServiceImplementation = {};
  for (const [operation, method] of Object.entries({ ...common, ...options.methods }))
    handlers[operation] = handler(options, operation, method as Method<Described, unknown>);
  return handlers;
}

/** What requests have in common that an event tells. */
interface Described {
  getType?(): string | undefined;
  getTok?(): string;
  getUrn?(): string | undefined;
}

function handler(options: ServerOptions, operation: string, method: Method<Described, unknown>) {
  return (call: ServerUnaryCall<Described, unknown>, answer: sendUnaryData<unknown>): void => {
    const start = performance.now();
    const { request } = call;
    const finish = (error: string | undefined) =>
      options.onEvent({
        provider: options.provider,
        operation,
        type: request.getType?.() ?? request.getTok?.() ?? "",
        urn: request.getUrn?.() ?? "",
        milliseconds: performance.now() - start,
        error,
      });
    const answered = Promise.resolve().then(() => method(request, call.getPeer()));
    answered.then(
      (response) => {
        finish(undefined);
        answer(null, response);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        finish(message);
        answer({ code: grpc.status.UNKNOWN, details: message });
      },
    );
  };
}

/** A changed provider configuration is taken over; it is the resources' own `region` that replaces them. */
function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const same = isSame(request.getOldInputs() ?? request.getOlds(), request.getNews());
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  return new pb.DiffResponse().setChanges(same ? DIFF_NONE : DIFF_SOME);
}

function isSame(old: Struct | undefined, wanted: Struct | undefined): boolean {
  const text = (message: Struct | undefined) =>
    JSON.stringify(Object.entries(message?.toJavaScript() ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return text(old) === text(wanted);
}
