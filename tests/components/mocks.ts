import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Program, Registered as InProgram } from "../../scripts/program.ts";
import { awsxVpc, rdsInstance, type Outputs } from "./mock-outputs.ts";

/** One resource as the program asked for it. */
export interface Registered extends InProgram {
  /** Plain values: secrets unwrapped; left out what was left out; `unknown` stands for a preview's unknown value. */
  inputs: Readonly<Record<string, unknown>>;
  /** Names of the top-level inputs that are, or hold, secrets. */
  secretInputs: readonly string[];
  options: {
    protect: boolean;
    retainOnDelete: boolean;
    deleteBeforeReplace: boolean;
    ignoreChanges: readonly string[];
    /** URNs, those of its inputs' sources included. */
    dependencies: readonly string[];
    propertyDependencies: Readonly<Record<string, readonly string[]>>;
    additionalSecretOutputs: readonly string[];
  };
}

/** Stands in recorded inputs where a preview does not know the value. */
export const unknown = "<unknown>";

/** What a program registered, in the order of registration. */
export class Recording implements Program {
  readonly resources: Registered[] = [];

  /** All resources of a type; the type token's last part is enough if it is unambiguous: `Instance`. */
  all(type: string): Registered[] {
    return this.resources.filter(
      (resource) => resource.type === type || resource.type.split(":").at(-1) === type,
    );
  }

  /** The only resource of this type, and of this name where one is given. */
  one(type: string, name?: string): Registered {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    const [only] = found;
    if (found.length === 1 && only) return only;
    const registered = this.resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
    throw new assert.AssertionError({
      message: `Expected one ${type} ${name ?? ""}, found ${found.length}. Registered:\n  ${registered}`,
    });
  }

  /** Logical names of all resources of a type. */
  names(type: string): string[] {
    return this.all(type).map((resource) => resource.name);
  }

  /** Type tokens with the number of resources each. */
  counts(): Record<string, number> {
    return Object.fromEntries(
      [...new Set(this.resources.map((resource) => resource.type))].map((type) => [
        type,
        this.resources.filter((resource) => resource.type === type).length,
      ]),
    );
  }

  /** The resource with this URN. */
  at(urn: string): Registered {
    const found = this.resources.find((resource) => resource.urn === urn);
    assert.ok(found, `No resource has the URN ${urn}`);
    return found;
  }

  /** The statements of the resource's policy: as its parent registers them, or as its document says them. */
  statements(resource: Registered): Record<string, unknown>[] {
    const { statements } = this.at(resource.parent).inputs;
    if (statements !== undefined) return statements as Record<string, unknown>[];
    const json = resource.inputs["policy"] ?? resource.inputs["assumeRolePolicy"];
    assert.ok(typeof json === "string", `${resource.name} has no known policy`);
    return (JSON.parse(json) as { Statement: Record<string, unknown>[] }).Statement.map(
      ({ Sid, Effect, Action, Resource, Principal, Condition }) => ({
        sid: Sid,
        effect: Effect,
        actions: Action,
        ...(Resource !== undefined && { resources: [Resource].flat() }),
        ...(Principal !== undefined && { principals: Principal }),
        ...(Condition !== undefined && { conditions: Condition }),
      }),
    );
  }
}

/** How a program is run. */
export interface RunOptions {
  /** Run as a preview: nothing computed is known. @default false */
  preview?: boolean;
  /** @default "stack" */
  stack?: string;
  /** Computed outputs beyond the inputs and those every resource gets (id, arn, name), by type token. */
  outputs?: Record<string, (resource: { name: string; inputs: Outputs }) => Outputs>;
  /** Answers of functions by token, e.g. `aws:index/getCallerIdentity:getCallerIdentity`. */
  calls?: Record<string, Outputs>;
}

const account = "123456789012";
const region = "us-east-1";

const knownCalls: Record<string, Outputs> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: account, id: account },
  "aws:index/getRegion:getRegion": { name: region, region, id: region },
  "aws:index/getPartition:getPartition": { partition: "aws", id: "aws" },
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["a", "b", "c"].map((z) => region + z) },
};

/**
 * Runs a program under Pulumi's mocks until every registration is through, and tells what it registered. Every custom
 * resource answers with its inputs, the id `<name>-id`, an ARN, and `name` where none was given; component
 * outputs come from the component itself.
 */
export async function run<T>(
  program: () => T | Promise<T>,
  options: RunOptions = {},
): Promise<{ result: T; recording: Recording }> {
  const recording = new Recording();
  const computed: NonNullable<RunOptions["outputs"]> = {
    "awsx:ec2:Vpc": awsxVpc,
    "aws:rds/instance:Instance": rdsInstance,
    ...options.outputs,
  };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const plain = unwrap(inputs) as Outputs;
        if (options.preview) return { id: undefined, state: plain };
        return {
          id: idOf(name),
          state: { ...generic(type, name), ...plain, ...computed[type]?.({ name, inputs: plain }) },
        };
      },
      call: ({ token }) => {
        const answer = { ...knownCalls, ...options.calls }[token];
        assert.ok(answer, `The mocks have no answer to ${token}: give one in the option "calls"`);
        return answer;
      },
    },
    "macro-ai",
    options.stack ?? "stack",
    options.preview ?? false,
  );
  const failures = listen(recording, options.preview ?? false);
  const result = await program();
  await settled(recording);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
  return { result, recording };
}

/**
 * Waits until no registration has come for a while. Mocks answer without I/O, so that all that is left to do gets done
 * between two turns of the event loop.
 */
async function settled(recording: Recording): Promise<void> {
  for (let quietTurns = 0, seen = -1; quietTurns < 5;) {
    const count = recording.resources.length;
    quietTurns = count === seen ? quietTurns + 1 : 0;
    seen = count;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The value of an output. Throws where a preview does not know it. */
export async function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
  assert.ok(await isKnown(output), "The output is not known.");
  return new Promise((resolve) => {
    pulumi.output(output).apply((value) => resolve(value as T));
  });
}

/** What an output ends in, a failure included; {@link valueOf} would wait for a failing one's value for ever. */
export function outcome<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** Whether the value is known: in a preview, what AWS computes is not. */
export function isKnown(output: pulumi.Input<unknown>): Promise<boolean> {
  // Public at run time, and kept out of the SDK's declarations.
  return (pulumi.output(output) as unknown as { isKnown: Promise<boolean> }).isKnown;
}

function idOf(name: string): string {
  return `${name}-id`;
}

function generic(type: string, name: string): Outputs {
  const [, service = "x"] = /^aws:([a-z0-9]+)/.exec(type) ?? [];
  return {
    arn: `arn:aws:${service}:${region}:${account}:${type.split(":").at(-1)?.toLowerCase() ?? ""}/${name}`,
    name: `${name}-1a2b3c4`,
  };
}

type Callback = (error: unknown, response: RegisterResourceResponse | undefined) => void;
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback): Promise<void>;
}

/**
 * Mocks are told inputs only; the requests to the monitor hold the options as well. Returns the list that fills with
 * what goes wrong, which the SDK would only log.
 */
function listen(recording: Recording, preview: boolean): unknown[] {
  const failures: unknown[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (request, callback) => {
    try {
      const entry = read(request, preview);
      recording.resources.push(entry);
      await register(request, (error, response) => {
        if (error) failures.push(error);
        entry.urn = response?.getUrn() ?? "";
        callback(error, response);
      });
    } catch (error) {
      failures.push(error);
    }
  };
  return failures;
}

function read(request: RegisterResourceRequest, preview: boolean): Registered {
  const inputs = pulumi.runtime.deserializeProperties(request.getObject() ?? new structProto.Struct(), true);
  const propertyDependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies: { getUrnsList(): string[] }, path: string) => {
    propertyDependencies[path] = dependencies.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    urn: "",
    id: preview ? undefined : idOf(request.getName()),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: unwrap(inputs) as Outputs,
    secretInputs: Object.keys(inputs).filter((key) => isSecret(inputs[key])),
    options: {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    },
  };
}

function isSecret(value: unknown): boolean {
  return pulumi.runtime.isRpcSecret(value);
}

/** Replaces the wire's wrappings of secrets and unknowns by plain values. */
function unwrap(value: unknown): unknown {
  if (isSecret(value)) return unwrap(pulumi.runtime.unwrapRpcSecret(value));
  if (pulumi.isUnknown(value)) return unknown;
  if (Array.isArray(value)) return value.map(unwrap);
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
  return value;
}
