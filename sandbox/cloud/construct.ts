/** Constructs components: registers them and their children with the engine's resource monitor. */

import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import monitors from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/resource_pb.js";
import type { Schema } from "../schema/schema.ts";
import { installedVersion } from "../schema/schema.ts";
import { Linked, plain } from "./component.ts";
import type { ChildOptions, Component, Components, Construction, Registered } from "./component.ts";
import { packed } from "./packed.ts";
import { UNKNOWN } from "./rule.ts";
import type { Inputs, Outputs } from "./rule.ts";
import type { Methods } from "./server.ts";
import { validate } from "./validate.ts";
import { decode, encode, resourceReference, secretValue } from "./wire.ts";

const ResourceMonitorClient = grpc.makeGenericClientConstructor(
  packed(monitors.ResourceMonitorService),
  "ResourceMonitor",
) as unknown as typeof monitors.ResourceMonitorClient;

/** Answers for a provider of components. */
export function componentMethods(schema: Schema, components: Components): Methods {
  return {
    handshake: () =>
      new provider.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(true)
        .setAcceptOutputs(true),
    configure: () => new provider.ConfigureResponse().setSupportspreview(true).setAcceptsecrets(true),
    construct: async (request) => {
      const type = request.getType();
      const component = components[type];
      const declaration = schema.resources[type];
      if (component === undefined || declaration === undefined)
        throw new Error(
          `${type} is not in the stand-in cloud. Add it to sandbox/cloud/awsx/index.ts and run "npm run schema".`,
        );
      const inputs = constructInputs(request);
      const problems = validate(type, declaration.inputs, plain(inputs) as Inputs, schema.types);
      if (problems.length > 0)
        throw new Error(
          [`${type} "${request.getName()}" has wrong arguments:`]
            .concat(problems.map(({ property, reason }) => `  ${property}: ${reason}`))
            .join("\n"),
        );
      const monitor = new ResourceMonitorClient(
        request.getMonitorendpoint(),
        grpc.credentials.createInsecure(),
        { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 },
      );
      try {
        return await construct(component, request, inputs, monitor);
      } finally {
        monitor.close();
      }
    },
  };
}

async function construct(
  component: Component,
  request: provider.ConstructRequest,
  inputs: Inputs,
  monitor: monitors.ResourceMonitorClient,
): Promise<provider.ConstructResponse> {
  const registration = new Registration(monitor, request);
  const urn = await registration.self();
  const outputs = await component(registration.construction(urn, inputs));
  const { message, dependencies } = serialize(outputs);
  await call<pb.RegisterResourceOutputsRequest, unknown>(
    (input, done) => monitor.registerResourceOutputs(input, done),
    new pb.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(message),
  );
  const response = new provider.ConstructResponse().setUrn(urn).setState(message);
  for (const [name, urns] of dependencies)
    response
      .getStatedependenciesMap()
      .set(name, new provider.ConstructResponse.PropertyDependencies().setUrnsList([...urns]));
  return response;
}

class Registration {
  readonly #monitor: monitors.ResourceMonitorClient;
  readonly #request: provider.ConstructRequest;
  readonly #version = installedVersion("@pulumi/aws");

  constructor(monitor: monitors.ResourceMonitorClient, request: provider.ConstructRequest) {
    this.#monitor = monitor;
    this.#request = request;
  }

  /** Registers the component itself, with the options it was given. */
  async self(): Promise<string> {
    const request = this.#request;
    const message = new pb.RegisterResourceRequest()
      .setType(request.getType())
      .setName(request.getName())
      .setParent(request.getParent())
      .setCustom(false)
      .setObject(encode({}))
      .setAcceptsecrets(true)
      .setAliasspecs(true)
      .setAliasesList(request.getAliasesList())
      .setDependenciesList(request.getDependenciesList())
      .setIgnorechangesList(request.getIgnorechangesList())
      .setReplaceonchangesList(request.getReplaceonchangesList())
      .setDeletedwith(request.getDeletedwith());
    if (request.hasProtect()) message.setProtect(request.getProtect() === true);
    if (request.hasRetainondelete()) message.setRetainondelete(request.getRetainondelete() === true);
    request.getProvidersMap().forEach((reference, name) => message.getProvidersMap().set(name, reference));
    return (await this.#register(message)).getUrn();
  }

  construction(urn: string, inputs: Inputs): Construction {
    return {
      type: this.#request.getType(),
      name: this.#request.getName(),
      inputs,
      preview: this.#request.getDryrun(),
      register: (type, name, childInputs, options) =>
        this.#child(urn, { type, name, inputs: childInputs }, options),
      invoke: (token, args) => this.#invoke(token, args),
    };
  }

  async #child(
    component: string,
    child: { readonly type: string; readonly name: string; readonly inputs: Inputs },
    options: ChildOptions = {},
  ): Promise<Registered> {
    const { message, dependencies } = serialize(child.inputs);
    const all = new Set(options.dependsOn?.map(({ urn }) => urn));
    const request = new pb.RegisterResourceRequest()
      .setType(child.type)
      .setName(child.name)
      .setParent(options.parent?.urn ?? component)
      .setCustom(true)
      .setObject(message)
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspartialvalues(true)
      .setAliasspecs(true)
      .setProvider(this.#providerOf(child.type))
      .setVersion(this.#version);
    if (this.#request.hasProtect()) request.setProtect(this.#request.getProtect() === true);
    if (this.#request.hasRetainondelete())
      request.setRetainondelete(this.#request.getRetainondelete() === true);
    for (const [name, urns] of dependencies) {
      request
        .getPropertydependenciesMap()
        .set(name, new pb.RegisterResourceRequest.PropertyDependencies().setUrnsList([...urns]));
      for (const urn of urns) all.add(urn);
    }
    return registered(await this.#register(request.setDependenciesList([...all])), this.#request.getDryrun());
  }

  async #invoke(token: string, args: Inputs): Promise<Outputs> {
    const response = await call<pb.ResourceInvokeRequest, pb.ResourceInvokeResponse>(
      (input, done) => this.#monitor.invoke(input, done),
      new pb.ResourceInvokeRequest()
        .setTok(token)
        .setArgs(encode(args))
        .setProvider(this.#providerOf(token))
        .setVersion(this.#version)
        .setAcceptresources(true),
    );
    const problems = response.getFailuresList();
    if (problems.length > 0)
      throw new Error(problems.map((item) => `${item.getProperty()}: ${item.getReason()}`).join("\n"));
    return decode(response.getReturn());
  }

  #register(request: pb.RegisterResourceRequest): Promise<pb.RegisterResourceResponse> {
    return call((input, done) => this.#monitor.registerResource(input, done), request);
  }

  #providerOf(token: string): string {
    return this.#request.getProvidersMap().get(token.slice(0, token.indexOf(":"))) ?? "";
  }
}

/** Inputs with their dependencies: those inside values, and those the request lists by input. */
function constructInputs(request: provider.ConstructRequest): Inputs {
  const inputs = decode(request.getInputs(), "linked");
  request.getInputdependenciesMap().forEach((dependencies, name) => {
    const urns = dependencies.getUrnsList();
    const value = inputs[name];
    if (urns.length > 0 && value !== undefined && !(value instanceof Linked))
      inputs[name] = new Linked(value, urns);
  });
  return inputs;
}

function registered(response: pb.RegisterResourceResponse, preview: boolean): Registered {
  const urn = response.getUrn();
  const state = decode(response.getObject(), "linked");
  const id = response.getId() === "" ? UNKNOWN : response.getId();
  return {
    urn,
    id: new Linked(id, [urn]),
    reference: new Linked(resourceReference(urn, id), [urn]),
    output: (property) => {
      const value = state[property];
      const secret = value instanceof Linked && value.secret;
      return new Linked(value === undefined ? (preview ? UNKNOWN : undefined) : plain(value), [urn], secret);
    },
  };
}

/** Values without `Linked`, with the URNs that each top-level one depends on. */
function serialize(values: Inputs): {
  message: ReturnType<typeof encode>;
  dependencies: ReadonlyMap<string, ReadonlySet<string>>;
} {
  const dependencies = new Map<string, Set<string>>();
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const urns = new Set<string>();
    flat[name] = flatten(value, urns);
    if (urns.size > 0) dependencies.set(name, urns);
  }
  return { message: encode(flat), dependencies };
}

function flatten(value: unknown, urns: Set<string>): unknown {
  if (value instanceof Linked) {
    for (const urn of value.dependencies) urns.add(urn);
    const inner = flatten(value.value, urns);
    return value.secret ? secretValue(inner) : inner;
  }
  if (Array.isArray(value)) return value.map((item) => flatten(item, urns));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flatten(item, urns)]));
  return value;
}

function call<Request, Response>(
  method: (request: Request, done: (error: ServiceError | null, response: Response) => void) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method(request, (error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(error.details, { cause: error }));
    });
  });
}
