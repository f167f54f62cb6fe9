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

/** GitHub's environment in which previews run: it bears no approval and no secret. */
export const PREVIEW = "preview";

/** The branch on which scheduled workflows run. */
export const DEFAULT_BRANCH = "main";

/** The stack whose restore the weekly drill tries, and the one that it makes for that: operations/restore/drill.ts. */
export const DRILLED = { stack: "production", throwAway: "production-drill" } as const;
