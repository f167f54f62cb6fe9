import type { AppEnv } from "./environments.ts";

/** What an environment may have switched on or off. */
export interface FeatureFlags {
  readonly enableAdvancedAnalytics: boolean;
  readonly enableBetaFeatures: boolean;
  readonly enableDebugLogging: boolean;
  readonly enablePerformanceMonitoring: boolean;
}

const local: FeatureFlags = {
  enableAdvancedAnalytics: false,
  enableBetaFeatures: true,
  enableDebugLogging: true,
  enablePerformanceMonitoring: false,
};

const rehearsal: FeatureFlags = {
  enableAdvancedAnalytics: true,
  enableBetaFeatures: true,
  enableDebugLogging: true,
  enablePerformanceMonitoring: true,
};

const live: FeatureFlags = {
  enableAdvancedAnalytics: true,
  enableBetaFeatures: false,
  enableDebugLogging: false,
  enablePerformanceMonitoring: true,
};

/** The system document's table. Its default branch would give uat and dr the flags of a developer's machine. */
const table: Readonly<Record<AppEnv, FeatureFlags>> = {
  development: local,
  test: local,
  staging: rehearsal,
  uat: rehearsal,
  production: live,
  dr: live,
};

export const flagNames = Object.keys(live) as readonly (keyof FeatureFlags)[];

/** An environment's flags, some of them as the configuration says instead. */
export function getFeatureFlags(appEnv: AppEnv, overrides: Partial<FeatureFlags> = {}): FeatureFlags {
  return Object.freeze({ ...table[appEnv], ...overrides });
}

/**
 * Reads the variable `FEATURE_FLAGS`: `enableBetaFeatures=false,enableDebugLogging=true`.
 *
 * @returns the flags, or what is wrong with the text
 */
export function parseFlags(text: string): Partial<FeatureFlags> | string {
  const overrides: Partial<Record<keyof FeatureFlags, boolean>> = {};
  for (const part of text.split(",").filter((piece) => piece.trim() !== "")) {
    const { name = "", value = "" } = /^\s*(?<name>[^=]*?)\s*=\s*(?<value>.*?)\s*$/.exec(part)?.groups ?? {};
    const flag = flagNames.find((known) => known === name);
    if (flag === undefined)
      return `must be flag=true or flag=false, parted by commas; flags are ${flagNames.join(", ")}`;
    if (value !== "true" && value !== "false") return `must say true or false for ${flag}: ${flag}=true`;
    if (flag in overrides) return `names ${flag} twice`;
    overrides[flag] = value === "true";
  }
  return overrides;
}
