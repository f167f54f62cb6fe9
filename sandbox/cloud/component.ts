/** The vocabulary of multi-resource components (awsx) that the stand-in constructs. */

import type { Inputs, Outputs } from "./rule.ts";

/** A value together with the resources it comes from, as a Pulumi output is. `value` may be `UNKNOWN`. */
export class Linked {
  readonly value: unknown;
  /** URNs. */
  readonly dependencies: readonly string[];
  readonly secret: boolean;
  constructor(value: unknown, dependencies: readonly string[], secret = false) {
    this.value = value;
    this.dependencies = dependencies;
    this.secret = secret;
  }
}

/** A resource registered by a component. */
export interface Registered {
  readonly urn: string;
  /** The provider id, linked to the resource. */
  readonly id: Linked;
  /** The whole resource as a reference, for a component's outputs such as `vpc`. */
  readonly reference: unknown;
  /** One output, linked to the resource; `UNKNOWN` inside in a preview. */
  readonly output: (property: string) => Linked;
}

/** How a child is registered. */
export interface ChildOptions {
  /** @default - the component itself */
  readonly parent?: Registered;
  /** @default - none beyond those its inputs carry */
  readonly dependsOn?: readonly Registered[];
}

/** One construction of a component: what its inputs are and how it makes its children. */
export interface Construction {
  readonly type: string;
  readonly name: string;
  /** Inputs; at any depth values may be `Linked`. Use `plain` of this module where a value decides how many children exist. */
  readonly inputs: Inputs;
  readonly preview: boolean;
  /** Registers a child and awaits its outputs. Input values may be `Linked` at any depth. */
  readonly register: (
    type: string,
    name: string,
    inputs: Inputs,
    options?: ChildOptions,
  ) => Promise<Registered>;
  /** Calls a function, e.g. `aws:index/getAvailabilityZones:getAvailabilityZones`. */
  readonly invoke: (token: string, args: Inputs) => Promise<Outputs>;
}

/** Makes a component's children and returns its outputs; values may be `Linked` at any depth. Throws an Error on bad arguments. */
export type Component = (construction: Construction) => Promise<Outputs>;

/** Components by type token, e.g. `awsx:ec2:Vpc`. */
export type Components = Readonly<Record<string, Component>>;

/** The value with every `Linked` inside replaced by its own value. */
export function plain(value: unknown): unknown {
  if (value instanceof Linked) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}
