/** What a stack can be, as its configuration says; a test holds them against the program's own lists. */
export const ENVIRONMENTS = ["development", "staging", "uat", "production", "dr"] as const;
export const SCALES = ["hobby", "enterprise"] as const;

/** The stack that is priced. */
export interface Subject {
  environment: (typeof ENVIRONMENTS)[number];
  scale: (typeof SCALES)[number];
  /** Where its resources lie that do not say where. */
  region: string;
}

const ENVIRONMENT_KEY = "macro-ai:environment";
const SCALE_KEY = "macro-ai:scale";

/** Undefined for a stack of another program, for which nobody has said how much it is used or may cost. */
export function subjectOf(configuration: Readonly<Record<string, string>>): Subject | undefined {
  const environment = ENVIRONMENTS.find((name) => name === configuration[ENVIRONMENT_KEY]);
  const scale = SCALES.find((name) => name === (configuration[SCALE_KEY] ?? "hobby"));
  const region = configuration["aws:region"];
  return environment && scale && region !== undefined ? { environment, scale, region } : undefined;
}
