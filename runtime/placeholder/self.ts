import type { HealthOptions } from "../health/health.ts";

/** What the placeholder says of itself: it needs nothing, and no version of the application is deployed. */
export const self = (): HealthOptions => ({
  version: "placeholder",
  environment: process.env["APP_ENV"] ?? "unknown",
  checks: {},
});

export const livePath = (healthPath: string): string => `${healthPath}/live`;

/** Told with 503: a monitor must not take the placeholder for the application. */
export const NOTHING_DEPLOYED = { error: "No image has been deployed yet." };
