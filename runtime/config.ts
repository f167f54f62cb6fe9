import type { DeployedEnv, LocalEnv } from "./environments.ts";
import type { FeatureFlags } from "./flags.ts";
import type { Secrets } from "./secrets.ts";

/** The users' pool at Cognito. */
export interface Cognito {
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly userPoolSecretKey: string;
}

interface CommonConfig {
  /** How libraries behave; the application asks `appEnv`. */
  readonly nodeEnv: "development" | "test" | "production";
  /** What was built: an image's tag, a commit. `unknown` where nobody says. */
  readonly appVersion: string;
  readonly serverPort: number;
  /** Where it is undefined, cookies belong to the host that sets them. */
  readonly cookieDomain: string | undefined;
  /** As it was at the start; `apiKeys` follows rotations. */
  readonly apiKey: string;
  /** As it was at the start; `cookieKeys` follows rotations. */
  readonly cookieEncryptionKey: string;
  /** As it was at the start; `createPool` follows rotations. */
  readonly relationalDatabaseUrl: string;
  /** As it was at the start; `createRedis` follows rotations. */
  readonly redisUrl: string;
  readonly featureFlags: FeatureFlags;
  /** The secrets as they are now. */
  readonly secrets: Secrets;
}

/** The configuration where somebody is served: nothing is missing. */
export interface DeployedConfig extends CommonConfig {
  readonly appEnv: DeployedEnv;
  readonly openaiApiKey: string;
  readonly cognito: Cognito;
}

/** The configuration of a developer's machine, which may do without OpenAI and Cognito. */
export interface LocalConfig extends CommonConfig {
  readonly appEnv: LocalEnv;
  readonly openaiApiKey: string | undefined;
  readonly cognito: Cognito | undefined;
}

/** Frozen. Printed or turned into JSON, it shows its secrets' names alone. */
export type Config = DeployedConfig | LocalConfig;
