/** A construction that registers nothing and remembers what would have been. */

import { Linked, plain } from "../../../../sandbox/cloud/component.ts";
import type { Component, Registered } from "../../../../sandbox/cloud/component.ts";
import type { Inputs, Outputs } from "../../../../sandbox/cloud/rule.ts";

export interface Child {
  readonly type: string;
  readonly name: string;
  /** "type name" of the parent; empty for the component itself. */
  readonly parent: string;
  readonly dependsOn: readonly string[];
  readonly inputs: Inputs;
}

export interface Recording {
  readonly children: readonly Child[];
  readonly outputs: Outputs;
  /** The children of a type, e.g. "subnet". */
  readonly of: (kind: string) => readonly Child[];
}

export async function record(component: Component, name: string, inputs: Inputs): Promise<Recording> {
  const children: Child[] = [];
  const outputs = await component({
    type: "awsx:test:Test",
    name,
    inputs,
    preview: false,
    register: (type, childName, childInputs, options = {}) => {
      const urn = `${kindOf(type)} ${childName}`;
      children.push({
        type,
        name: childName,
        parent: options.parent?.urn ?? "",
        dependsOn: options.dependsOn?.map((one) => one.urn) ?? [],
        inputs: plain(childInputs) as Inputs,
      });
      return Promise.resolve(registered(urn));
    },
    invoke: () => Promise.resolve({ names: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }),
  });
  return {
    children,
    outputs: plain(outputs) as Outputs,
    of: (kind) => children.filter(({ type }) => kindOf(type) === kind),
  };
}

function registered(urn: string): Registered {
  return {
    urn,
    id: new Linked(urn, [urn]),
    reference: new Linked(urn, [urn]),
    output: (property) => new Linked(`${urn}.${property}`, [urn]),
  };
}

/** "subnet" of "aws:ec2/subnet:Subnet". */
function kindOf(type: string): string {
  return /\/(\w+):/.exec(type)?.[1] ?? type;
}
