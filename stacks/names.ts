import type { Environment } from "./environments.ts";

/**
 * Names that people and pipelines know by heart belong to production; the other environments of the account append
 * their own: `macro-ai/express-api`, `macro-ai/express-api-staging`.
 */
export function wellKnownName(environment: Environment, name: string): string {
  return environment === "production" ? name : `${name}-${environment}`;
}

/** Below which the environment's secrets lie: `/macro-ai/staging`. */
export function secretPath(secretSegment: string): string {
  return `/macro-ai/${secretSegment}`;
}
