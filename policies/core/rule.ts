import type { Severity } from "@pulumi/policy";
import type { Resource, Unwrap } from "@pulumi/pulumi";
import type { Graph, Node } from "./graph.ts";
import type { Seen } from "./unknown.ts";

/** One violation: what is wrong with which property, and how to mend it. */
export interface Finding {
  /** Path in the resource's inputs: `ingress[0].cidrBlocks`. */
  property: string;
  /** What it is; never a secret's value. */
  is: string;
  must: string;
  fix: string;
}

/** What every rule says of itself. */
interface About {
  /** Unique in the pack, service first: `rds-storage-encrypted`. */
  name: string;
  /** The demand, in a sentence. */
  description: string;
  severity: Severity;
  /** The same demand in other catalogues: Checkov (CKV), AWS FSBP, cdk-nag, Trivy. */
  references: string[];
  /** AWS's own documentation. */
  url: string;
}

/** What a rule checks on resources of certain types, from their inputs alone. */
export interface Check {
  types: string[];
  run: (inputs: Record<string, unknown>, resource: { urn: string }) => Finding[];
}

/** A rule about one resource at a time. */
export interface ResourceRule extends About {
  checks: Check[];
}

/** A finding of a stack rule names its resource. */
export interface StackFinding extends Finding {
  resource: Node;
}

/** A rule about how resources stand to each other. */
export interface StackRule extends About {
  checkStack: (graph: Graph) => StackFinding[];
}

export type Rule = ResourceRule | StackRule;

/** The arguments that a resource class takes, as a preview shows them. */
export type Inputs<Args> = { [Key in keyof Args]: Seen<Unwrap<Args[Key]>> };

/** A check on resources of these types, whose arguments the caller names: `check<aws.rds.InstanceArgs>(...)`. */
export function check<Args>(
  types: string | string[],
  run: (inputs: Inputs<Args>, resource: { urn: string }) => Finding[],
): Check {
  return { types: [types].flat(), run: (inputs, resource) => run(inputs as Inputs<Args>, resource) };
}

/** The SDK asks a resource class for nothing but its type token: naming it spares loading the AWS SDK (400 ms). */
export function resourceClass(type: string): new (name: string, args: object) => Resource {
  return { __pulumiType: type } as unknown as new (name: string, args: object) => Resource;
}
