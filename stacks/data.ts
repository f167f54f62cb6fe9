import type * as pulumi from "@pulumi/pulumi";
import { Cache } from "../components/cache.ts";
import { DatabaseProxy } from "../components/database-proxy.ts";
import { type BackupSource, Database, type RestoreSource } from "../components/database.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import { type EndpointService, Vpc } from "../components/vpc.ts";
import type { StackConfig } from "./config.ts";
import { backupForms } from "./config/restore.ts";
import { zonesIn } from "./config/sizes.ts";
import type { Foundation } from "./foundation.ts";
import type { NetworkSizes } from "./scales.ts";

export const databaseName = "macro_ai";

const natGateways = { none: "none", single: "single", "per-zone": "perZone" } as const;

/** What a task in a private subnet calls by itself; with their endpoints it can do without NAT. */
const endpointServices = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"] as const;

/** The network of an enterprise stack. */
export function createNetwork(
  { config, region, accountId, kmsKeyArn }: Foundation,
  sizes: NetworkSizes,
): Vpc {
  return new Vpc("network", {
    cidrBlock: sizes.cidrBlock,
    ...zonesOf(sizes),
    natGateways: natGateways[sizes.natGateways],
    interfaceEndpoints: endpointsOf(sizes),
    ...(sizes.flowLogs && { flowLogs: { retentionDays: config.traits.logRetentionDays, kmsKeyArn } }),
    region,
    accountId,
  });
}

/** The rotation of the cache calls ElastiCache, by NAT where there is one. */
function endpointsOf({ interfaceEndpoints, natGateways: nat }: NetworkSizes): EndpointService[] {
  if (!interfaceEndpoints) return [];
  return nat === "none" ? [...endpointServices, "elasticache"] : [...endpointServices];
}

function zonesOf({ zones, zoneNames }: NetworkSizes): { zones: number; zoneNames?: string[] } {
  if (zoneNames === undefined) return { zones };
  const names = zonesIn(zoneNames);
  return { zones: names.length, zoneNames: names };
}

/** The database, with a key of its own. */
export function createDatabase(foundation: Foundation, network: Vpc): Database {
  const { config, sizes, region, accountId, replica } = foundation;
  const backupRetentionDays = config.database.backupRetentionDays ?? config.traits.backupRetentionDays;
  const restore = restoreSource(config);
  const key = createKey(foundation, "database-key", "The database: storage, backups, logs, master password", {
    protect: foundation.config.deletionProtection,
  });
  return new Database(
    "database",
    {
      vpcId: network.vpcId,
      subnetIds: network.isolatedSubnetIds,
      databaseName,
      ...sizes.database,
      multiAz: true,
      backupRetentionDays,
      deletionProtection: config.deletionProtection,
      kmsKeyArn: key.arn,
      logRetentionDays: config.traits.logRetentionDays,
      region,
      accountId,
      ...(restore && { restore }),
      ...(replica && { replicateBackups: { ...replica, retentionDays: backupRetentionDays } }),
    },
    { protect: config.deletionProtection },
  );
}

/** What a database that does not exist yet is made of. */
function restoreSource({ restore }: StackConfig): RestoreSource | undefined {
  const { databaseSnapshot, databaseBackups, time } = restore;
  if (databaseSnapshot !== undefined) return { snapshotIdentifier: databaseSnapshot };
  if (databaseBackups === undefined) return undefined;
  return { ...backupSource(databaseBackups), ...(time !== undefined && { time }) };
}

function backupSource(backups: string): BackupSource {
  if (backupForms.copies.test(backups)) return { automatedBackupsArn: backups };
  if (backupForms.deleted.test(backups)) return { sourceResourceId: backups };
  return { sourceIdentifier: backups };
}

/** The pool of connections in front of the database: what the service talks to. */
export function createProxy(
  { config, kmsKeyArn, region }: Foundation,
  network: Vpc,
  database: Database,
  secretArn: pulumi.Output<string>,
): DatabaseProxy {
  return new DatabaseProxy("proxy", {
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    instanceId: database.instanceId,
    database: database.peer,
    secretArns: [secretArn],
    secretsKeyArn: kmsKeyArn,
    kmsKeyArn,
    logRetentionDays: config.traits.logRetentionDays,
    region,
  });
}

/** The cache, with a key of its own. What it holds can be computed again, so it may be deleted. */
export function createCache(foundation: Foundation, network: Vpc, authToken: pulumi.Output<string>): Cache {
  const { config, sizes } = foundation;
  const key = createKey(foundation, "cache-key", "The cache: storage, snapshots, logs", {});
  return new Cache("cache", {
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    ...sizes.cache,
    kmsKeyArn: key.arn,
    authToken,
    snapshotRetentionDays: 7,
    logRetentionDays: config.traits.logRetentionDays,
  });
}

function createKey(
  { config, region, accountId }: Foundation,
  name: string,
  description: string,
  opts: pulumi.ComponentResourceOptions,
): EncryptionKey {
  const deletionWindowDays = config.traits.keyDeletionDays;
  return new EncryptionKey(
    name,
    { description, accountId, region, services: ["logs"], deletionWindowDays },
    opts,
  );
}
