import type { OnProgress } from "./progress.ts";

export type Source = "path" | "launcher" | "built";

/** A pulumi executable that answered with an acceptable version. */
export interface Found {
  /** Absolute path. */
  pulumi: string;
  version: string;
}

/** Why something that could have been the engine is not. */
export interface Skipped {
  source: Source;
  reason: string;
}

/** What a way is given. */
export interface Search {
  env: NodeJS.ProcessEnv;
  /** How long a CLI may take to say its version. @default 10 s */
  answerLimitMs: number | undefined;
  /** The server the npm launcher downloads from. */
  downloadServer: string;
  onProgress: OnProgress;
  /** Called for each candidate that is passed over. */
  onSkip: (skipped: Skipped) => void;
  signal: AbortSignal;
}

/** One way to an engine. Both steps end in time whatever happens outside. */
export interface Way {
  source: Source;
  /** Looks at what is there; nothing is downloaded or built. */
  find: (search: Search) => Promise<Found | undefined>;
  /** Downloads or builds it. @throws Error that says why it cannot. */
  obtain?: (search: Search) => Promise<Found>;
}
