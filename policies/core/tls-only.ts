import { deniesPlaintext, policyOf } from "./documents.ts";
import type { Graph, Node } from "./graph.ts";
import type { StackFinding } from "./rule.ts";

/** Which policies guard a resource. */
export interface Guards {
  /** The actions that must be denied: all of the service's, or the one that moves data. */
  action: string;
  policyTypes: string[];
  /** The policy's property that names the resource. */
  property: string;
}

/** Findings for a resource whose policy does not turn plaintext away, or that has none. */
export function withoutTlsOnly(
  resource: Node,
  graph: Graph,
  { action, policyTypes, property }: Guards,
): StackFinding[] {
  const policies = graph.referring(resource, property, ...policyTypes);
  const documents = policies.map(policyOf);
  if (documents.some((statements) => statements?.some((statement) => deniesPlaintext(statement, action))))
    return [];
  const isUnknown = documents.includes(undefined);
  return [
    {
      property: "policy",
      is: isUnknown
        ? "not known yet"
        : policies.length === 0
          ? "not set"
          : "without a statement that denies plaintext",
      must: "one that denies everyone what comes without TLS",
      fix: `Give it an ${policyTypes[0] ?? ""} with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.`,
      ...(isUnknown && { unproven: {} }),
    },
  ];
}
