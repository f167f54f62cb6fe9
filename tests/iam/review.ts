import type { Account, Document, PolicyStatement } from "./account.ts";

/** A statement in its document. */
export interface Placed {
  document: Document;
  statement: PolicyStatement;
}

/** Why nothing binds a service to this account in a statement, by `<title>: <Sid>`. */
export const unbound: Readonly<Record<string, string>> = {
  "trust of api: AssumedByService":
    "Lambda sends no source when it assumes a role. A role can be given to a function of its own account alone (iam:PassRole)",
  ...Object.fromEntries(
    [
      "bootstrap",
      ...["cache", "database", "external", "keyring", "reminder"].map((name) => `rotation-${name}`),
    ].map((role) => [
      `trust of ${role}: AssumedByService`,
      "As for the API's: Lambda sends no source when it assumes a role",
    ]),
  ),
  "trust of proxy-role: AssumedByService":
    "Nothing documents that RDS Proxy sends a source. A role can be given to a proxy of its own account alone (iam:PassRole)",
  "key *: EventsUses":
    "EventBridge sends no source to KMS for encrypted topics; the topic's own policy admits this account's rules alone",
  "key *: LogsDescribes":
    "DescribeKey has no encryption context, and tells nothing but that the key is in use",
};

/** Every statement of the stacks. */
export function statementsOf(stacks: readonly Account[]): readonly Placed[] {
  return stacks.flatMap(({ documents }) =>
    documents.flatMap((document) => document.policy.Statement.map((statement) => ({ document, statement }))),
  );
}

/** Their names, each once. */
export function namesOf(placed: readonly Placed[]): string[] {
  return [...new Set(placed.map(nameOf))];
}

/** `<title>: <Sid>`. */
export function nameOf({ document, statement }: Placed): string {
  return `${document.title}: ${statement.Sid}`;
}

/** What in a statement holds a `*`: actions, resources, principals. */
export function wildcardsOf({ Action, Resource = [], Principal = {} }: PolicyStatement): string[] {
  const principals = Object.values(Principal).flat();
  return [Action, Resource, principals].flat(2).filter((text) => text.includes("*"));
}

/** Whether a statement lets a service in for whomever it acts: neither its source nor what it encrypts is asked for. */
export function isUnbound({ Effect, Principal, Condition = {} }: PolicyStatement): boolean {
  if (Effect === "Deny" || Principal?.["Service"] === undefined) return false;
  const keys = Object.values(Condition).flatMap(Object.keys);
  return !keys.some((key) => /^(aws:Source(Account|Arn)|kms:EncryptionContext:.*)$/.test(key));
}

/** The reason for which a statement is unbound. */
export function unboundReason(placed: Placed): string | undefined {
  const name = nameOf(placed);
  return unbound[name] ?? unbound[name.replace(/^key \S+:/, "key *:")];
}
