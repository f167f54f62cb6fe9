import * as pulumi from "@pulumi/pulumi";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** Who a statement speaks of. Absent in identity policies, where the role itself is the principal. */
export type Principals = Partial<
  Record<"AWS" | "Service" | "Federated", pulumi.Input<string> | pulumi.Input<string>[]>
>;

/** Condition operator, then condition key, then the values: `{ Bool: { "aws:SecureTransport": "false" } }`. */
export type Conditions = Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;

/** One statement of an IAM policy. */
export interface Statement {
  /** Names the statement in reviews and findings: letters and digits only. */
  sid: string;
  /** @default "Allow" */
  effect?: "Allow" | "Deny";
  /** Plain strings, so that a preview shows every wildcard. */
  actions: string[];
  /** ARNs. @default - none, which only trust policies may have */
  resources?: pulumi.Input<string>[];
  /** @default - none: an identity policy */
  principals?: Principals;
  /** @default - unconditional */
  conditions?: Conditions;
  /**
   * Why actions, resources or principals hold a `*`. AWS never sees it; docs/permissions.md shows it.
   * @default - none: then nothing may hold a `*`, or a test fails
   */
  wildcard?: string;
}

/** The arguments of {@link PolicyDocument}. */
export interface PolicyDocumentArgs {
  statements: Statement[];
}

/**
 * An IAM policy document as data: its statements are registered as inputs, one value at a time. A document turned into
 * JSON becomes one unknown string as soon as one ARN in it is unknown; here a preview still shows every action,
 * effect and principal, and only the unknown ARN is unknown. Statements without an ARN of the stack's own need none of
 * this: {@link policyJson} is known in every preview.
 *
 * The resource that bears the document is registered with the document as its parent, so that whoever reads the
 * graph (the policy pack) knows which statements it holds. Creates nothing in AWS and costs nothing.
 */
export class PolicyDocument extends pulumi.ComponentResource {
  /** The document as IAM reads it. */
  public readonly json: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: PolicyDocumentArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("PolicyDocument", name, statementProblems("statements", args.statements));
    super("macro-ai:components:PolicyDocument", name, args, opts);
    this.json = policyJson(args.statements);
    this.registerOutputs({ json: this.json });
  }
}

/** The document as IAM reads it: unknown in a preview as soon as one value in it is. */
export function policyJson(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements.map(toIam) });
}

/** What is wrong with the statements, if anything: where IAM would refuse the whole document. */
export function statementProblems(path: string, statements: readonly Statement[]): Problem[] {
  const sids = statements.map(({ sid }) => sid);
  return broken(
    statements.flatMap(({ sid, actions, resources }, index) => [
      {
        path: `${path}[${index}].sid`,
        holds: /^[A-Za-z0-9]+$/.test(sid),
        message: `is "${sid}"; IAM takes letters and digits only`,
      },
      {
        path: `${path}[${index}].sid`,
        holds: sids.indexOf(sid) === index,
        message: `is "${sid}", as another's; each statement needs its own`,
      },
      {
        path: `${path}[${index}].actions`,
        holds: actions.length > 0,
        message: "is empty; name at least one action, or leave the statement out",
      },
      {
        path: `${path}[${index}].resources`,
        holds: resources === undefined || resources.length > 0,
        message: "is empty; name at least one ARN, or leave the statement out",
      },
    ]),
  );
}

function toIam(statement: Statement): Record<string, unknown> {
  return {
    Sid: statement.sid,
    Effect: statement.effect ?? "Allow",
    ...(statement.principals && { Principal: statement.principals }),
    Action: statement.actions,
    ...(statement.resources && { Resource: single(statement.resources) }),
    ...(statement.conditions && { Condition: statement.conditions }),
  };
}

/** IAM takes a list of one for the one and writes it back so. */
function single<T>(values: T[]): T | T[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** Denies every request that does not come over TLS (AWS FSBP S3.5, CIS AWS 2.1.1). */
export function denyPlaintext(actions: string[], resources: pulumi.Input<string>[]): Statement {
  return {
    sid: "DenyPlaintext",
    effect: "Deny",
    principals: { AWS: "*" },
    actions,
    resources,
    conditions: { Bool: { "aws:SecureTransport": "false" } },
    wildcard: "A denial must reach every caller and every action",
  };
}
