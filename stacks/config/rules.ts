import { environments, liveEnvironments, type Scale } from "../environments.ts";
import type { Fix, Path } from "./commands.ts";
import { fargateMemories } from "./fargate.ts";
import { singleKeys } from "./keys.ts";
import type { Finding } from "./problems.ts";
import { recoveryRules } from "./recovery-rules.ts";
import type { Settings } from "./schema.ts";

/** The sizes of a scale, as far as the rules compare them with what is set. */
export interface ScaleSizes {
  readonly database?: {
    readonly allocatedStorageGiB?: number;
    readonly maxAllocatedStorageGiB?: number;
  };
  readonly service?: {
    readonly cpu?: number;
    readonly memoryMiB?: number;
    readonly minTasks?: number;
    readonly maxTasks?: number;
  };
}

/** What a rule looks at. */
export interface Situation {
  readonly settings: Settings;
  /** The sizes set, over the stack's own. */
  readonly sizes: Required<ScaleSizes>;
  readonly stackName: string;
}

/** A combination of keys that cannot work. */
export interface Rule {
  /** The key to blame. */
  readonly path: Path;
  readonly broken: (situation: Situation) => boolean;
  /** Continues the key. */
  readonly says: (situation: Situation) => string;
  readonly fixes: (situation: Situation) => readonly Fix[];
}

/** Groups that say something about enterprise stacks alone. */
const enterpriseGroups = ["network", "database", "cache", "service", "restore"] as const;

const rules: readonly Rule[] = [
  {
    path: ["environment"],
    broken: ({ settings, stackName }) =>
      settings.environment !== stackName && environments.some((name) => name === stackName),
    says: ({ settings, stackName }) =>
      `is "${settings.environment}", but the stack is called "${stackName}" and would use the other's secrets.`,
    fixes: ({ stackName }) => [{ change: "set", path: ["environment"], value: stackName }],
  },
  {
    path: ["domain"],
    broken: ({ settings }) => settings.scale === "enterprise" && settings.domain === undefined,
    says: () => "is missing: an enterprise stack serves HTTPS under its own name.",
    fixes: () => [{ change: "set", path: ["domain"], value: "macro-ai.com" }],
  },
  {
    path: ["hostedZoneId"],
    broken: ({ settings: { scale, domain, hostedZoneId } }) =>
      (scale === "enterprise" || domain !== undefined) && hostedZoneId === undefined,
    says: () =>
      "is missing: the domain's records and its certificate's proof go into that zone. Its id is in Route 53's list of zones.",
    fixes: () => [{ change: "ask", path: ["hostedZoneId"] }],
  },
  {
    path: ["alertEmail"],
    broken: ({ settings }) =>
      liveEnvironments.includes(settings.environment) && settings.alertEmail === undefined,
    says: ({ settings }) => `is missing: ${settings.environment} must tell somebody when an alarm fires.`,
    fixes: () => [{ change: "set", path: ["alertEmail"], value: "alerts@macro-ai.com" }],
  },
  ...enterpriseGroups.map((group): Rule => ({
    path: [group],
    broken: ({ settings }) => isHobbyOnly(settings) && Object.keys(settings[group]).length > 0,
    says: () => `has no effect: a hobby stack has no ${nameOf[group]} of its own.`,
    fixes: () => [
      { change: "remove", path: [group] },
      { change: "set", path: ["scale"], value: "enterprise" },
      { change: "set", path: ["retainEnterpriseData"], value: true },
    ],
  })),
  {
    path: ["function"],
    broken: ({ settings }) => settings.scale === "enterprise" && Object.keys(settings.function).length > 0,
    says: () => "has no effect: an enterprise stack runs the API on ECS; its sizes are in service.",
    fixes: () => [{ change: "remove", path: ["function"] }],
  },
  {
    path: ["network", "natGateways"],
    broken: ({ settings: { network } }) =>
      network.natGateways === "none" && network.interfaceEndpoints !== true,
    says: () => 'is "none", so tasks reach ECR, logs and secrets only through the interface endpoints.',
    fixes: () => [
      { change: "set", path: ["network", "interfaceEndpoints"], value: true },
      { change: "set", path: ["network", "natGateways"], value: "single" },
    ],
  },
  {
    path: ["network", "natGateways"],
    broken: ({ settings: { network, apiImage, features } }) =>
      network.natGateways === "none" &&
      network.interfaceEndpoints === true &&
      (apiImage === undefined || features.tracing !== false),
    says: () =>
      'is "none", so no task reaches the public registry that the placeholder and the tracing collector come from.',
    fixes: () => [
      { change: "set", path: ["network", "natGateways"], value: "single" },
      { change: "set", path: ["features", "tracing"], value: false },
    ],
  },
  {
    path: ["openaiProjectId"],
    broken: ({ settings }) => settings.openaiProjectId === undefined && settings.openaiAdminKey !== undefined,
    says: () => "is missing: the admin key rotates the API key of one project.",
    fixes: () => [{ change: "ask", path: ["openaiProjectId"] }],
  },
  {
    path: ["openaiAdminKey"],
    broken: ({ settings }) => settings.openaiProjectId !== undefined && settings.openaiAdminKey === undefined,
    says: () => "is missing: without it nothing can rotate the key of openaiProjectId.",
    fixes: () => [
      { change: "setSecret", path: ["openaiAdminKey"] },
      { change: "remove", path: ["openaiProjectId"] },
    ],
  },
  {
    path: ["rotation", "reserveConcurrency"],
    broken: ({ settings }) =>
      settings.openaiProjectId !== undefined && settings.rotation.reserveConcurrency === false,
    says: () => "is false, but OpenAI shows a new key once: two rotations at once would delete each other's.",
    fixes: () => [
      { change: "remove", path: ["rotation", "reserveConcurrency"] },
      { change: "remove", path: ["openaiProjectId"] },
    ],
  },
  {
    path: ["database", "maxAllocatedStorageGiB"],
    broken: ({ sizes: { database } }) =>
      exceeds(database.allocatedStorageGiB, database.maxAllocatedStorageGiB),
    says: ({ sizes: { database } }) =>
      `is ${text(database.maxAllocatedStorageGiB)}, less than the ${text(database.allocatedStorageGiB)} GiB to begin with.`,
    fixes: ({ sizes: { database } }) =>
      setTo(["database", "maxAllocatedStorageGiB"], database.allocatedStorageGiB),
  },
  {
    path: ["service", "maxTasks"],
    broken: ({ sizes: { service } }) => exceeds(service.minTasks, service.maxTasks),
    says: ({ sizes: { service } }) =>
      `is ${text(service.maxTasks)}, less than the ${text(service.minTasks)} of service.minTasks.`,
    fixes: ({ sizes: { service } }) => setTo(["service", "maxTasks"], service.minTasks),
  },
  {
    path: ["service", "minTasks"],
    broken: ({ settings, sizes: { service } }) =>
      settings.scale === "enterprise" &&
      liveEnvironments.includes(settings.environment) &&
      exceeds(2, service.minTasks),
    says: ({ settings, sizes: { service } }) =>
      `is ${text(service.minTasks)}: ${settings.environment} must outlive the loss of a task, so it needs at least 2.`,
    fixes: () => setTo(["service", "minTasks"], 2),
  },
  {
    path: ["service", "memoryMiB"],
    broken: ({ sizes: { service } }) =>
      service.cpu !== undefined &&
      service.memoryMiB !== undefined &&
      !fargateMemories(service.cpu).includes(service.memoryMiB),
    says: ({ sizes: { service } }) =>
      `is ${text(service.memoryMiB)}, which Fargate does not offer with ${text(service.cpu)} CPU units: ${memoryText(service.cpu)}.`,
    fixes: ({ sizes: { service } }) =>
      setTo(["service", "memoryMiB"], nearest(service.memoryMiB, fargateMemories(service.cpu ?? 0))),
  },
];

const nameOf = {
  network: "network",
  database: "RDS database",
  cache: "ElastiCache",
  service: "ECS service",
  restore: "database",
} as const;

/** What is wrong with the keys taken together; a secret's absence included. */
export function checkTogether(situation: Situation): Finding[] {
  const broken = [...rules, ...recoveryRules]
    .filter((rule) => rule.broken(situation))
    .map(({ path, says, fixes }) => ({ path, says: says(situation), fixes: fixes(situation) }));
  return [...broken, ...missingSecrets(situation.settings)];
}

function missingSecrets(settings: Settings): Finding[] {
  const given: Readonly<Record<string, unknown>> = settings;
  // What every scale needs comes with the copies of another environment's secrets.
  const comesAlong = (neededAt: readonly Scale[]) =>
    settings.restore.replicasOf !== undefined && neededAt.length > 1;
  return singleKeys()
    .filter(
      ({ path, field: { secretOf = [] } }) =>
        secretOf.includes(settings.scale) && given[path[0]] === undefined && !comesAlong(secretOf),
    )
    .map(({ path, field }) => ({
      path,
      says: `is missing: ${neededBy(field.secretOf ?? [])}.`,
      allowed: `${field.allowed}, stored as a secret`,
      fixes: [{ change: "setSecret", path }],
    }));
}

function neededBy(scales: readonly Scale[]): string {
  return scales.length > 1 ? "every stack needs it" : `${scales.join()} stacks need it`;
}

function isHobbyOnly({ scale, retainEnterpriseData }: Settings): boolean {
  return scale === "hobby" && !retainEnterpriseData;
}

function exceeds(low: number | undefined, high: number | undefined): boolean {
  return low !== undefined && high !== undefined && low > high;
}

function setTo(path: Path, value: number | undefined): readonly Fix[] {
  return value === undefined ? [] : [{ change: "set", path, value }];
}

function nearest(wanted = 0, offered: readonly number[]): number | undefined {
  return offered.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}

function memoryText(cpu = 0): string {
  const offered = fargateMemories(cpu);
  if (offered.length <= 4) return `it has ${offered.join(", ")}`;
  const [first = 0, second = 0] = offered;
  return `it has ${first} to ${text(offered.at(-1))} in steps of ${second - first}`;
}

function text(value: number | undefined): string {
  return String(value);
}
