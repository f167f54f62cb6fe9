import { type Environment, environmentTraits, type EnvironmentTraits } from "../environments.ts";
import { defaultsOf, type Features } from "./defaults.ts";
import type { Settings } from "./schema.ts";

export type NetworkOverrides = Settings["network"];
export type DatabaseOverrides = Settings["database"];
export type CacheOverrides = Settings["cache"];
export type ServiceOverrides = Settings["service"];
export type FunctionOverrides = Settings["function"];
export type WebsiteOverrides = Settings["website"];
export type RotationOverrides = Settings["rotation"];
/** Where a new stack's data comes from. */
export type RestoreSettings = Settings["restore"];

/** The name the stack is served under, and the Route 53 zone that holds it. */
export interface Domain {
  readonly name: string;
  readonly hostedZoneId: string;
}

/** Secrets that the API needs at every scale. They may be left out where `restore.replicasOf` says where to find them. */
export interface ExternalSecrets<Secret> {
  readonly openaiApiKey: Secret;
  readonly cognitoUserPoolId: Secret;
  readonly cognitoUserPoolClientId: Secret;
  readonly cognitoUserPoolSecretKey: Secret;
}

/** Secrets that nothing needs and something uses. */
export interface OptionalSecrets<Secret> {
  readonly openaiAdminKey: Secret;
}

/** Where a hobby stack's data lives. */
export interface DataSecrets<Secret> {
  readonly neonDatabaseUrl: Secret;
  readonly upstashRedisUrl: Secret;
}

interface Common {
  readonly stackName: string;
  readonly environment: Environment;
  /** E.g. `us-east-1`. */
  readonly region: string;
  readonly traits: EnvironmentTraits;
  readonly owner: string;
  readonly costCentre: string;
  readonly alertEmail?: string;
  /** Without a trailing slash. */
  readonly runbookUrl?: string;
  /** An ARN: the most that the stack's roles can do. */
  readonly permissionsBoundary?: string;
  /** A tag, or a digest (`sha256:...`); the placeholder runs without one. */
  readonly apiImage?: string;
  /** Features of the API that differ from its environment's: `enableBetaFeatures=false`. */
  readonly featureFlags?: string;
  /** GBP. */
  readonly monthlyBudget: number;
  readonly deletionProtection: boolean;
  /** At enterprise scale: whether the stack is about to go down to hobby. */
  readonly retainEnterpriseData: boolean;
  /** A second region that gets copies of backups, secrets and images. */
  readonly replicaRegion?: string;
  readonly restore: RestoreSettings;
  readonly features: Features;
  readonly network: NetworkOverrides;
  readonly database: DatabaseOverrides;
  readonly cache: CacheOverrides;
  readonly service: ServiceOverrides;
  readonly function: FunctionOverrides;
  readonly website: WebsiteOverrides;
  readonly rotation: RotationOverrides;
  /** Whose key of OpenAI is rotated; with it there is an admin key. */
  readonly openaiProjectId?: string;
}

export interface HobbyConfig<Secret> extends Common {
  readonly scale: "hobby";
  readonly domain?: Domain;
  readonly secrets: Partial<ExternalSecrets<Secret> & OptionalSecrets<Secret>> & DataSecrets<Secret>;
}

export interface EnterpriseConfig<Secret> extends Common {
  readonly scale: "enterprise";
  readonly domain: Domain;
  /** The URLs of hobby may stay set, for the way back. */
  readonly secrets: Partial<ExternalSecrets<Secret> & OptionalSecrets<Secret> & DataSecrets<Secret>>;
}

/** Everything a program needs to know about its stack, checked, with what follows from environment and scale. */
export type ResolvedConfig<Secret> = HobbyConfig<Secret> | EnterpriseConfig<Secret>;

/** Fills in what follows from environment and scale. `seal` wraps each secret. Settings must have passed every rule. */
export function resolve<Secret>(
  settings: Settings,
  stackName: string,
  seal: (value: string) => Secret,
): ResolvedConfig<Secret> {
  const { environment, scale } = settings;
  const defaults = defaultsOf(environment, scale);
  const common = {
    stackName,
    environment,
    region: settings["aws:region"],
    traits: environmentTraits[environment],
    owner: settings.owner,
    costCentre: settings.costCentre,
    ...pick(settings, [
      "alertEmail",
      "runbookUrl",
      "permissionsBoundary",
      "apiImage",
      "featureFlags",
      "replicaRegion",
      "openaiProjectId",
    ]),
    monthlyBudget: settings.monthlyBudget ?? defaults.monthlyBudget,
    deletionProtection: settings.deletionProtection ?? defaults.deletionProtection,
    retainEnterpriseData: settings.retainEnterpriseData,
    restore: settings.restore,
    features: { ...defaults.features, ...settings.features },
    network: settings.network,
    database: settings.database,
    cache: settings.cache,
    service: settings.service,
    function: settings.function,
    website: settings.website,
    rotation: settings.rotation,
  };
  const external = sealAll(pick(settings, externalKeys), seal);
  if (scale === "enterprise") {
    return {
      ...common,
      scale,
      domain: domainOf(settings),
      secrets: { ...external, ...sealAll(pick(settings, ["neonDatabaseUrl", "upstashRedisUrl"]), seal) },
    };
  }
  return {
    ...common,
    scale,
    ...(settings.domain === undefined ? {} : { domain: domainOf(settings) }),
    secrets: {
      ...external,
      neonDatabaseUrl: seal(required(settings, "neonDatabaseUrl")),
      upstashRedisUrl: seal(required(settings, "upstashRedisUrl")),
    },
  };
}

const externalKeys = [
  "openaiApiKey",
  "cognitoUserPoolId",
  "cognitoUserPoolClientId",
  "cognitoUserPoolSecretKey",
  "openaiAdminKey",
] as const satisfies readonly (keyof ExternalSecrets<unknown> | keyof OptionalSecrets<unknown>)[];

function domainOf(settings: Settings): Domain {
  return { name: required(settings, "domain"), hostedZoneId: required(settings, "hostedZoneId") };
}

type TextKey = "domain" | "hostedZoneId" | keyof DataSecrets<unknown>;

function required(settings: Settings, key: TextKey): string {
  const value = settings[key];
  if (value === undefined) throw new Error(`A configuration without ${key} passed the checks.`);
  return value;
}

function sealAll<Secret, Values extends object>(values: Values, seal: (value: string) => Secret) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, seal(String(value))])) as {
    readonly [Key in keyof Values]: Secret;
  };
}

/** The keys that are set, the others left out rather than undefined. */
function pick<Name extends keyof Settings>(settings: Settings, names: readonly Name[]): Pick<Settings, Name> {
  const set = Object.entries(settings).filter(([name]) => names.some((wanted) => wanted === name));
  return Object.fromEntries(set) as Pick<Settings, Name>;
}
