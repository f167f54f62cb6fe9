import * as pulumi from "@pulumi/pulumi";

/** Something wrong with one argument. */
export interface Problem {
  /** Where it stands: `network.zones`, `secrets["api-keys"]`. */
  path: string;
  /** Goes on after the path: `is 7; give 1 to 5`. The value (never a secret's), what is allowed, the next step. */
  message: string;
}

/** A rule about arguments: what must hold, and what to say when it does not. */
export interface Rule {
  path: string;
  holds: boolean;
  message: string;
}

/** The problems of the rules that do not hold. */
export function broken(rules: readonly Rule[]): Problem[] {
  return rules.filter((rule) => !rule.holds).map(({ path, message }) => ({ path, message }));
}

/**
 * Throws all problems of a component's arguments in one error, which the engine prints property by property. Call it
 * before the first resource is made. Without problems it does nothing.
 *
 * @throws pulumi.InputPropertiesError
 */
export function throwProblems(component: string, name: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `\n  ${path} ${message}`).join("");
  throw new pulumi.InputPropertiesError({
    message: `${component} "${name}" has ${problems.length} bad argument${problems.length === 1 ? "" : "s"}:${lines}`,
    errors: problems.map(({ path, message }) => ({ propertyPath: path, reason: message })),
  });
}
