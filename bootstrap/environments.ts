/** A stack that the pipeline deploys, and from where. */
export interface Deployed {
  /** The Pulumi stack, and GitHub's environment of the same name. */
  readonly stack: string;
  /** The branch that GitHub's environment admits. */
  readonly branch: string;
  /** Below which the environment's secrets lie. */
  readonly secretPath: string;
  /** What the names of its image repositories end with: stacks/names.ts. */
  readonly repositorySuffix: string;
}

export const deployed: readonly Deployed[] = [
  { stack: "staging", branch: "develop", secretPath: "/macro-ai/staging", repositorySuffix: "-staging" },
  { stack: "production", branch: "main", secretPath: "/macro-ai/production", repositorySuffix: "" },
];

/** The Pulumi project whose stacks these are. */
export const PROJECT = "macro-ai";

/** What a stack's program also runs for, before its change is approved: each in an environment of GitHub and with a role of its own. */
export type Purpose = "preview" | "drift";

/**
 * The environment of GitHub, and the role, in which one stack's program runs. A token names its job's environment instead of the
 * branch: what runs in staging's cannot ask for a token that opens production's role.
 */
export function purposeOf(purpose: Purpose, stack: string): string {
  return `${purpose}-${stack}`;
}

/** The branch on which scheduled workflows run. */
export const DEFAULT_BRANCH = "main";

/** The stack whose restore the weekly drill tries, and the one that it makes for that: operations/restore/drill.ts. */
export const DRILLED = { stack: "production", throwAway: "production-drill" } as const;
