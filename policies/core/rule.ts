import type { Severity } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import type { Settings } from "./configuration.ts";
import type { Evidence } from "./evidence.ts";
import type { Graph, Node } from "./graph.ts";
import type { Seen } from "./unknown.ts";

/** One thing that a rule has to say: what is wrong with which property, and how to mend it. */
export interface Finding {
  /** Path in the resource's inputs: `ingress[0].cidrBlocks`. */
  property: string;
  /** What it is; never a secret's value. */
  is: string;
  must: string;
  fix: string;
  /**
   * The value is not known yet, so the rule is neither kept nor broken. What the value comes from may prove it before
   * it is known. @default - the rule is broken
   */
  unproven?: { provenBy?: Evidence };
}

/** What a rule is about; the configuration sets enforcement by it (docs: README.md, "Levels"). */
export type Group =
  "network" | "encryption" | "secrets" | "exposure" | "iam" | "resilience" | "cost" | "gate";

/** Catalogues that ask for the same: Checkov, AWS Foundational Security Best Practices, CIS AWS Foundations, others. */
export type Reference = string;

/** What every rule says of itself. */
export interface About {
  /** Unique in the pack, service first: `rds-storage-encrypted`. */
  name: string;
  /** The demand, in a sentence. */
  description: string;
  severity: Severity;
  group: Group;
  /** The same demand in other catalogues: Checkov (CKV), AWS FSBP, CIS AWS, cdk-nag, Trivy. */
  references: Reference[];
  /** AWS's own documentation. */
  url: string;
  /** What a project may set, with its defaults. @default - nothing */
  settings?: Settings;
}

/** What a rule checks on resources of certain types, from their inputs alone. */
export interface Check {
  types: string[];
  /** True where it looks at a part of its types and leaves the rest to other rules. @default false */
  partial?: boolean;
  /** What proves unknown values that it reads. @default - nothing but the values */
  evidence?: Evidence;
  run: (inputs: Record<string, unknown>, resource: Subject, settings: Settings) => Finding[];
}

/** The resource that a check is asked about. */
export interface Subject {
  urn: string;
  name: string;
  type: string;
}

/** A rule about one resource at a time. */
export interface ResourceRule extends About {
  checks: Check[];
}

/** A finding of a stack rule names its resource where that is not the one that was asked about. */
export interface StackFinding extends Finding {
  resource?: Node;
}

/** A rule about how resources stand to each other, asked for each resource of its types. */
export interface StackRule extends About {
  /** Empty for a rule that looks at the stack as a whole. */
  types: string[];
  /** What proves unknown inputs that it reads. @default - nothing but the values */
  evidence?: Evidence;
  /** Types that it judges by what they mean to a resource of its own types. @default - none */
  covers?: string[];
  /** @param configuration the stack's: `macro-ai:scale` */
  judge: (
    resource: Node,
    graph: Graph,
    settings: Settings,
    configuration: Readonly<Record<string, string>>,
  ) => StackFinding[];
}

export type Rule = ResourceRule | StackRule;

/** The arguments that a resource class takes, as a preview shows them. */
export type Inputs<Args> = { [Key in keyof Args]: Seen<Unwrap<Args[Key]>> };

/** A check on resources of these types, whose arguments the caller names: `check<aws.rds.InstanceArgs>(...)`. */
export function check<Args>(
  types: string | string[],
  run: (inputs: Inputs<Args>, resource: Subject, settings: Settings) => Finding[],
): Check {
  return {
    types: [types].flat(),
    run: (inputs, resource, settings) => run(inputs as Inputs<Args>, resource, settings),
  };
}

/** The types that a rule judges, but for those of which it sees a part. */
export function typesOf(rule: Rule): string[] {
  return "checks" in rule
    ? rule.checks.filter(({ partial }) => partial !== true).flatMap(({ types }) => types)
    : [...rule.types, ...(rule.covers ?? [])];
}
