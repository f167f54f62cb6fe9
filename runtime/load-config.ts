import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { disagreements, partOfPool } from "./agreement.ts";
import type { Config } from "./config.ts";
import { type AppEnv, appEnvs, isAppEnv, isLocal, localEnvs } from "./environments.ts";
import { configOf } from "./make-config.ts";
import { ConfigError, type Problem } from "./problems.ts";
import { schemaOf } from "./schema.ts";
import { type FetchSecret, secretsManager, type SecretValue } from "./secret-fetching.ts";
import { kinds, type SecretKind, secretKinds, variablesOf } from "./secret-kinds.ts";
import { secretNames } from "./secret-names.ts";
import { type SecretOptions, Secrets } from "./secrets.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

/** Where {@link loadConfig} looks, and how long it waits. */
export interface LoadOptions extends SecretOptions {
  /** Never written to. @default - process.env */
  environment?: Environment;
  /** A developer's variables and secrets; without the file, the environment has to hold them. @default - .env */
  envFile?: string;
  /** Reads a secret. @default - from Secrets Manager */
  fetchSecret?: FetchSecret;
}

/**
 * The configuration of this process: its variables, and the secrets of the environment that APP_ENV names, checked as a
 * whole. NODE_ENV has no say in it. Call it once, at the start.
 *
 * @throws ConfigError with every problem, by variable, and no value of a secret
 */
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  const set = withoutEmpty(options.environment ?? process.env);
  const file = await readEnvFile(options.envFile ?? ".env", set);
  const appEnv = appEnvOf(set, file);
  const usesAws = !isLocal(appEnv) || set["SECRET_ARNS"] !== undefined;
  return usesAws ? fromAws(appEnv, set, options) : fromFile(appEnv, set, file, options);
}

/**
 * Checks everything but the secrets, which are not read: for CI, and wherever AWS is out of reach.
 *
 * @throws ConfigError
 */
export async function checkVariables(options: LoadOptions = {}): Promise<AppEnv> {
  const set = withoutEmpty(options.environment ?? process.env);
  const file = await readEnvFile(options.envFile ?? ".env", set);
  const appEnv = appEnvOf(set, file);
  if (isLocal(appEnv) && set["SECRET_ARNS"] === undefined) {
    fromFile(appEnv, set, file, options);
    return appEnv;
  }
  const variables = { ...set, APP_ENV: appEnv };
  const { problems } = secretNames(appEnv, set["SECRET_ARNS"]);
  const secret = new Set<string>(Object.values(secretKinds).flat());
  const found = [...problems, ...conflictsWithSecrets(appEnv, set, kinds, options)];
  const shape = parse(appEnv, variables).problems.filter(({ variable }) => !secret.has(variable));
  throwIfAny(appEnv, [...found, ...shape]);
  return appEnv;
}

async function fromAws(appEnv: AppEnv, set: Environment, options: LoadOptions): Promise<Config> {
  const { ids, problems } = secretNames(appEnv, set["SECRET_ARNS"]);
  // Nothing is read for another environment's names, not even what could be.
  throwIfAny(appEnv, problems);
  const secrets = new Secrets(ids, options.fetchSecret ?? secretsManager(), options);
  const readings = await Promise.allSettled(kinds.map((kind) => secrets.read(kind)));
  const unreadable = new Set<string>();
  const values: Partial<Record<SecretKind, SecretValue>> = {};
  const found: Problem[] = [];
  for (const [index, kind] of kinds.entries()) {
    const reading = readings[index];
    if (reading?.status === "fulfilled") values[kind] = reading.value;
    else {
      found.push({ variable: variablesOf(kind), message: (reading?.reason as Error).message });
      for (const name of secretKinds[kind]) unreadable.add(name);
    }
  }
  found.push(...conflictsWithSecrets(appEnv, set, kinds, options));
  const ofSecrets = Object.assign(
    {},
    ...kinds.map((kind) => pick(values[kind]?.fields ?? {}, kind)),
  ) as Fields;
  const { variables, problems: shape } = parse(appEnv, { ...set, ...ofSecrets, APP_ENV: appEnv });
  // What an unreadable secret would have held is told once.
  const told = shape.filter(({ variable }) => !unreadable.has(variable));
  found.push(...told.map((problem) => withSource(problem, ids)));
  throwIfAny(appEnv, found);
  return configOf(variables(), secrets);
}

function fromFile(appEnv: AppEnv, set: Environment, file: Environment, options: LoadOptions): Config {
  const differing = Object.keys(file).filter((name) => set[name] !== undefined && set[name] !== file[name]);
  if (differing.length > 0) {
    warn(options, `${differing.join(", ")}: set as a variable, which counts, and otherwise in the .env file`);
  }
  const all = { ...file, ...set, APP_ENV: appEnv };
  const { variables, problems } = parse(appEnv, all);
  throwIfAny(appEnv, problems);
  const values = variables() as unknown as Fields;
  const fields = Object.fromEntries(kinds.map((kind) => [kind, pick(values, kind)]));
  return configOf(variables(), Secrets.fixed(fields as Record<SecretKind, Fields>));
}

/** A variable that a secret holds must not be set as well: one of both is out of date after the next rotation. */
function conflictsWithSecrets(
  appEnv: AppEnv,
  set: Environment,
  of: readonly SecretKind[],
  options: LoadOptions,
): Problem[] {
  const conflicts = of.flatMap((kind) =>
    secretKinds[kind].filter((name) => set[name] !== undefined).map((name) => ({ kind, name })),
  );
  if (!isLocal(appEnv)) {
    return conflicts.map(({ kind, name }) => ({
      variable: name,
      message: `is set as a variable, and comes from the secret ${kind}: remove the variable`,
    }));
  }
  if (conflicts.length > 0) {
    const names = conflicts.map(({ name }) => name).join(", ");
    warn(options, `${names}: set as a variable, and in a secret, which counts`);
  }
  return [];
}

/** Where to look for what is missing. */
function withSource({ variable, message }: Problem, ids: Readonly<Record<SecretKind, string>>): Problem {
  const kind = kinds.find((one) => secretKinds[one].some((name) => name === variable));
  return {
    variable,
    message: kind && message === "is missing" ? `is missing in the secret ${ids[kind]}` : message,
  };
}

/** The variables in their types, asked for once there are no problems. */
function parse(appEnv: AppEnv, given: Fields) {
  const result = schemaOf(appEnv).safeParse(given);
  const problems: Problem[] = (result.error?.issues ?? []).map(({ path, message }) => ({
    variable: String(path[0]),
    message,
  }));
  problems.push(...disagreements(given), ...(isLocal(appEnv) ? partOfPool(given) : []));
  return {
    problems,
    variables: () => {
      if (!result.success) throw new TypeError("The variables have problems.");
      return result.data;
    },
  };
}

/** @throws ConfigError */
function appEnvOf(set: Environment, file: Environment): AppEnv {
  const allowed = appEnvs.join(", ");
  const problem = (message: string): ConfigError =>
    new ConfigError("this process", [{ variable: "APP_ENV", message }]);
  const ofFile = file["APP_ENV"];
  const name = set["APP_ENV"] ?? ofFile;
  if (name === undefined) {
    throw problem(`is missing; allowed are ${allowed}. It selects the secrets; NODE_ENV does not`);
  }
  if (!isAppEnv(name)) throw problem(`is "${name}"; allowed are ${allowed}`);
  if (set["APP_ENV"] === undefined && !isLocal(name)) {
    throw problem(
      `is ${name} in the .env file, which serves ${localEnvs.join(" and ")} alone; set it as a variable`,
    );
  }
  return name;
}

/** The variables in the file, where it may count: never beside an APP_ENV that somebody is served by. */
async function readEnvFile(path: string, set: Environment): Promise<Environment> {
  const appEnv = set["APP_ENV"];
  if (appEnv !== undefined && (!isAppEnv(appEnv) || !isLocal(appEnv))) return {};
  try {
    return withoutEmpty(parseEnv(await readFile(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    const message = `cannot be read (${String((error as NodeJS.ErrnoException).code)})`;
    throw new ConfigError("this process", [{ variable: path, message }]);
  }
}

const withoutEmpty = (variables: Environment): Environment =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));

const pick = (fields: Fields, kind: SecretKind): Fields =>
  Object.fromEntries(secretKinds[kind].filter((name) => name in fields).map((name) => [name, fields[name]]));

function warn({ onWarning = (message) => console.warn(message) }: LoadOptions, message: string): void {
  onWarning(message);
}

function throwIfAny(appEnv: AppEnv, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(appEnv, problems);
}
