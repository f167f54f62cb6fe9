/**
 * The engine shows a stack rule the outputs of each resource, and a component has none of its inputs among them. It
 * shows the inputs to resource rules before, in the same process: there they are remembered, by URN.
 */
const seen = new Map<string, unknown>();

export function rememberStatements(urn: string, statements: unknown): void {
  seen.set(urn, statements);
}

/** What the PolicyDocument with this URN registered. */
export function statementsSeen(urn: string): unknown {
  return seen.get(urn);
}
