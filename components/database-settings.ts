import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupSource, DatabaseArgs, RestoreSource } from "./database.ts";

/** What RDS writes to CloudWatch Logs. */
export const exportedLogs = ["postgresql", "upgrade"] as const;

type Part = Partial<awsTypes.rds.InstanceArgs>;

/** What runs, and when it may change. */
export function engine(args: DatabaseArgs): Part {
  const now = args.changes === "now";
  return {
    engine: "postgres",
    engineVersion: args.engineVersion,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: now,
    applyImmediately: now,
    maintenanceWindow: args.maintenanceWindow ?? "sun:04:30-sun:05:30",
  };
}

/** Encrypted gp3 that grows. */
export function storage(args: DatabaseArgs): Part {
  return {
    storageType: "gp3",
    allocatedStorage: args.allocatedStorageGiB,
    maxAllocatedStorage: args.maxAllocatedStorageGiB,
    storageEncrypted: true,
    // What is restored keeps the key of its source, and asking for another would replace it at the next update.
    ...(args.restore ? {} : { kmsKeyId: args.kmsKeyArn }),
  };
}

/** Backups, and what stands between the data and a deletion. */
export function protection(args: DatabaseArgs, identifier: pulumi.Output<string>): Part {
  return {
    backupRetentionPeriod: args.backupRetentionDays,
    backupWindow: args.backupWindow ?? "03:00-04:00",
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: false,
    deletionProtection: args.deletionProtection,
    skipFinalSnapshot: false,
    // As unique as the identifier, and known long before the destruction that needs it.
    finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final`,
  };
}

/** Logs, metrics and query statistics. */
export function observation(args: DatabaseArgs, monitoringRoleArn: pulumi.Output<string>): Part {
  return {
    enabledCloudwatchLogsExports: [...exportedLogs],
    monitoringInterval: 60,
    monitoringRoleArn,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: args.kmsKeyArn,
    // The longest that is free.
    performanceInsightsRetentionPeriod: 7,
  };
}

/** Where the first data comes from. */
export function restoration(source: RestoreSource | undefined): Part {
  if (!source) return {};
  if ("snapshotIdentifier" in source) return source;
  return {
    restoreToPointInTime: {
      ...backups(source),
      ...(source.time === undefined ? { useLatestRestorableTime: true } : { restoreTime: source.time }),
    },
  };
}

function backups(source: BackupSource): awsTypes.types.input.rds.InstanceRestoreToPointInTime {
  if ("sourceIdentifier" in source) return { sourceDbInstanceIdentifier: source.sourceIdentifier };
  if ("sourceResourceId" in source) return { sourceDbiResourceId: source.sourceResourceId };
  return { sourceDbInstanceAutomatedBackupsArn: source.automatedBackupsArn };
}
