/** Where the service runs, as `APP_ENV` says. `NODE_ENV` says how libraries behave, and is `production` in staging too. */
export const appEnvs = ["development", "test", "staging", "uat", "production", "dr"] as const;
export type AppEnv = (typeof appEnvs)[number];

/** Environments on one person's machine; the others serve somebody. */
export const localEnvs = ["development", "test"] as const satisfies readonly AppEnv[];
export type LocalEnv = (typeof localEnvs)[number];
export type DeployedEnv = Exclude<AppEnv, LocalEnv>;

/** Below which an environment's secrets lie in Secrets Manager; a test has none there. */
export const secretPaths: Readonly<Record<AppEnv, string | undefined>> = {
  development: "/macro-ai/dev",
  test: undefined,
  staging: "/macro-ai/staging",
  uat: "/macro-ai/uat",
  production: "/macro-ai/production",
  dr: "/macro-ai/dr",
};

export const isAppEnv = (name: string | undefined): name is AppEnv =>
  appEnvs.some((appEnv) => appEnv === name);

export const isLocal = (appEnv: AppEnv): appEnv is LocalEnv =>
  localEnvs.some((localEnv) => localEnv === appEnv);
