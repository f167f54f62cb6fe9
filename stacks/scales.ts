import type { StackConfig } from "./config.ts";

/** The network at enterprise scale. */
export interface NetworkSizes {
  cidrBlock: string;
  zones: number;
  /** The zones by name, separated by commas; then `zones` is their number. @default - the region's first ones */
  zoneNames?: string;
  natGateways: "none" | "single" | "per-zone";
  interfaceEndpoints: boolean;
  flowLogs: boolean;
}

/** The database at enterprise scale. How long its backups are kept depends on the environment. */
export interface DatabaseSizes {
  engineVersion: string;
  instanceClass: string;
  allocatedStorageGiB: number;
  maxAllocatedStorageGiB: number;
  /** @default "in-maintenance-window" */
  changes?: "in-maintenance-window" | "now";
  /** @default - RDS's own 7 */
  masterPasswordRotationDays?: number;
}

/** The cache at enterprise scale. */
export interface CacheSizes {
  engine: "valkey" | "redis";
  nodeType: string;
  nodes: number;
  /** @default "in-maintenance-window" */
  changes?: "in-maintenance-window" | "now";
}

/** The API on Fargate. */
export interface ServiceSizes {
  /** 1024 is one virtual CPU. */
  cpu: number;
  memoryMiB: number;
  minTasks: number;
  maxTasks: number;
}

/** The API on Lambda. */
export interface FunctionSizes {
  memoryMiB: number;
  timeoutSeconds: number;
  /** Instances set aside and at most. @default - none: new accounts have too few to set any aside */
  reservedConcurrency?: number;
}

/** The client, at both scales. */
export interface WebsiteSizes {
  priceClass: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
}

/** How the secrets are renewed, at both scales. */
export interface RotationSizes {
  databaseDays: number;
  /** The token of ElastiCache. */
  cacheDays: number;
  /** API keys and cookie keys, which live in one secret. */
  apiKeyDays: number;
  /** Cognito's client secret, and OpenAI's key where its project is configured. */
  externalDays: number;
  /** What only a person can renew. */
  byHandDays: number;
  /** Hours from midnight UTC. */
  windowHours: number;
  /** Days for which a key that is no longer written is still taken. */
  keyOverlapDays: number;
  reserveConcurrency: boolean;
}

/** What each part of the system is sized by. Each scale reads the lines it uses. */
export interface Sizes {
  network: NetworkSizes;
  database: DatabaseSizes;
  cache: CacheSizes;
  service: ServiceSizes;
  function: FunctionSizes;
  website: WebsiteSizes;
  rotation: RotationSizes;
}

/**
 * What the scales mean. Hobby runs the API on Lambda (`function`) and keeps its data at Neon and Upstash; enterprise
 * runs it on Fargate (`service`) with RDS and ElastiCache in a network of its own.
 *
 * The budgets decide: with these figures production costs GBP 241 to 290 a month (docs/cost.md). db.r6g.large alone would break its
 * GBP 300; a NAT gateway, a load balancer or the smallest RDS instance each breaks the hobby scale's GBP 10.
 */
export const scales: Sizes = {
  network: {
    cidrBlock: "10.0.0.0/16",
    zones: 3,
    natGateways: "single",
    interfaceEndpoints: false,
    flowLogs: true,
  },
  database: {
    engineVersion: "15",
    instanceClass: "db.t4g.medium",
    allocatedStorageGiB: 50,
    maxAllocatedStorageGiB: 200,
  },
  cache: { engine: "valkey", nodeType: "cache.t4g.micro", nodes: 2 },
  service: { cpu: 512, memoryMiB: 1024, minTasks: 2, maxTasks: 4 },
  // The HTTP API gives up after 30 seconds, so a longer time limit would only cost money.
  function: { memoryMiB: 512, timeoutSeconds: 29 },
  website: { priceClass: "PriceClass_100" },
  // The system document's schedule. Cookie keys, for which it asks 365 days, share a secret with API keys, and turn with them.
  rotation: {
    databaseDays: 90,
    cacheDays: 90,
    apiKeyDays: 180,
    externalDays: 90,
    byHandDays: 90,
    windowHours: 4,
    keyOverlapDays: 30,
    reserveConcurrency: true,
  },
};

/** The scale's sizes with the stack's own over them. */
export function sizesOf(config: StackConfig): Sizes {
  return {
    network: { ...scales.network, ...config.network },
    database: { ...scales.database, ...config.database },
    cache: { ...scales.cache, ...config.cache },
    service: { ...scales.service, ...config.service },
    function: { ...scales.function, ...config.function },
    website: { ...scales.website, ...config.website },
    rotation: { ...scales.rotation, ...config.rotation },
  };
}
