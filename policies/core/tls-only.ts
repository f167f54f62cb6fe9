import { deniesPlaintext, parse, POLICY_DOCUMENT, registered, type Statement } from "./documents.ts";
import type { Graph, Node } from "./graph.ts";
import type { StackFinding } from "./rule.ts";
import { statementsSeen } from "./seen-documents.ts";
import { UNKNOWN } from "./unknown.ts";

/** A resource type, and the resource that bears its policy. */
export interface Subject {
  types: string[];
  /** The actions that must be denied: all of the service's, or the one that moves data. */
  action: string;
  policyTypes: string[];
  /** The policy's property that names the resource. */
  property: string;
}

/** The statements of a policy, or undefined where even the update has not told them yet. */
function statementsOf(policy: Node): Statement[] | undefined {
  const { parent } = policy;
  if (parent?.type === POLICY_DOCUMENT) return registered(statementsSeen(parent.urn));
  const json = policy.properties["policy"];
  return json === UNKNOWN ? undefined : parse(json, "policy");
}

/** Findings for resources whose policy does not turn plaintext away, or that have none. */
export function withoutTlsOnly(
  graph: Graph,
  { types, action, policyTypes, property }: Subject,
): StackFinding[] {
  return graph.all(...types).flatMap((resource) => {
    const policies = graph.referring(resource, property, ...policyTypes);
    const documents = policies.map(statementsOf);
    if (
      documents.some(
        (statements) =>
          statements === undefined || statements.some((statement) => deniesPlaintext(statement, action)),
      )
    )
      return [];
    return {
      resource,
      property: "policy",
      is: policies.length === 0 ? "not set" : "without a statement that denies plaintext",
      must: "one that denies everyone what comes without TLS",
      fix: `Give it a ${policyTypes[0] ?? ""} with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.`,
    };
  });
}
