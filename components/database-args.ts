import type { DatabaseArgs } from "./database.ts";
import { defaultParameters } from "./database-parameters.ts";
import { retentionProblems } from "./log-group.ts";
import { broken, throwProblems, type Rule } from "./problems.ts";

const dailyWindow = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;
const day = "(mon|tue|wed|thu|fri|sat|sun)";
const weeklyWindow = new RegExp(`^${day}:([01]\\d|2[0-3]):[0-5]\\d-${day}:([01]\\d|2[0-3]):[0-5]\\d$`);

/** A backup or snapshot window. */
export function dailyWindowRule(path: string, window: string | undefined): Rule {
  return {
    path,
    holds: window === undefined || dailyWindow.test(window),
    message: `is "${window ?? ""}"; give hours in UTC, like "03:00-04:00"`,
  };
}

/** A maintenance window. */
export function weeklyWindowRule(path: string, window: string | undefined): Rule {
  return {
    path,
    holds: window === undefined || weeklyWindow.test(window),
    message: `is "${window ?? ""}"; give days and hours in UTC, like "sun:04:30-sun:05:30"`,
  };
}

/** @throws pulumi.InputPropertiesError with every bad argument */
export function assertDatabaseArgs(name: string, args: DatabaseArgs): void {
  throwProblems("Database", name, [
    ...broken([
      ...identityRules(name, args),
      ...sizeRules(args),
      ...timeRules(args),
      ...parameterRules(args),
    ]),
    ...retentionProblems("logRetentionDays", args.logRetentionDays),
  ]);
}

/** Sources: RDS API reference, CreateDBInstance. */
function identityRules(name: string, args: DatabaseArgs): Rule[] {
  const { masterUsername = "administrator" } = args;
  return [
    {
      path: "name",
      holds: /^[a-z](?!.*--)[a-z0-9-]{0,52}$/.test(name) && !name.endsWith("-"),
      message: `is "${name}"; the instance is named after it: up to 53 lower-case letters, digits and single hyphens, a letter first`,
    },
    {
      path: "databaseName",
      holds: /^[A-Za-z_]\w{0,62}$/.test(args.databaseName) && args.databaseName.toLowerCase() !== "db",
      message: `is "${args.databaseName}"; up to 63 letters, digits and underscores, no digit first, and not "db"`,
    },
    {
      path: "masterUsername",
      holds:
        /^[A-Za-z]\w{0,62}$/.test(masterUsername) &&
        !["admin", "rdsadmin", "postgres"].includes(masterUsername),
      message: `is "${masterUsername}"; up to 63 letters, digits and underscores, a letter first, and not admin, rdsadmin or postgres`,
    },
    {
      path: "engineVersion",
      holds: /^1[3-9](\.\d+)?$/.test(args.engineVersion),
      message: `is "${args.engineVersion}"; give a PostgreSQL version that RDS offers, like "15"`,
    },
    {
      path: "instanceClass",
      holds: /^db\.[a-z]\w*\.\w+$/.test(args.instanceClass),
      message: `is "${args.instanceClass}"; give an RDS instance class, like "db.t4g.medium"`,
    },
  ];
}

function sizeRules(args: DatabaseArgs): Rule[] {
  const { allocatedStorageGiB: from, maxAllocatedStorageGiB: to } = args;
  return [
    {
      path: "allocatedStorageGiB",
      holds: Number.isInteger(from) && from >= 20 && from <= 65_536,
      message: `is ${from}; gp3 takes 20 to 65536`,
    },
    {
      path: "maxAllocatedStorageGiB",
      // RDS wants a tenth more than there is, and advises a quarter.
      holds: Number.isInteger(to) && to >= Math.ceil(from * 1.1) && to <= 65_536,
      message: `is ${to}; autoscaling needs at least ${Math.ceil(from * 1.1)}, a tenth above allocatedStorageGiB, and at most 65536`,
    },
  ];
}

function timeRules(args: DatabaseArgs): Rule[] {
  const days = (path: string, value: number): Rule => ({
    path,
    holds: Number.isInteger(value) && value >= 1 && value <= 35,
    message: `is ${value}; RDS keeps backups for 1 to 35 days, and 0 would turn them off`,
  });
  const time = args.restore && !("snapshotIdentifier" in args.restore) ? args.restore.time : undefined;
  return [
    days("backupRetentionDays", args.backupRetentionDays),
    ...(args.replicateBackups
      ? [days("replicateBackups.retentionDays", args.replicateBackups.retentionDays)]
      : []),
    {
      path: "masterPasswordRotationDays",
      holds:
        args.masterPasswordRotationDays === undefined ||
        (Number.isInteger(args.masterPasswordRotationDays) &&
          args.masterPasswordRotationDays >= 1 &&
          args.masterPasswordRotationDays <= 1000),
      message: `is ${args.masterPasswordRotationDays ?? ""}; give 1 to 1000`,
    },
    dailyWindowRule("backupWindow", args.backupWindow),
    weeklyWindowRule("maintenanceWindow", args.maintenanceWindow),
    {
      path: "restore.time",
      holds: time === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time),
      message: `is "${time ?? ""}"; give a time in UTC, like "2026-11-23T08:00:00Z"`,
    },
  ];
}

function parameterRules({ parameters = {} }: DatabaseArgs): Rule[] {
  return [
    {
      path: 'parameters["rds.force_ssl"]',
      holds: (parameters["rds.force_ssl"] ?? defaultParameters["rds.force_ssl"]) === "1",
      message: `is "${parameters["rds.force_ssl"] ?? ""}"; it must stay "1", which refuses unencrypted connections`,
    },
    {
      path: "parameters.log_statement",
      holds: ["none", undefined].includes(parameters["log_statement"]),
      message: `is "${parameters["log_statement"] ?? ""}"; it must stay "none", or the passwords of CREATE ROLE and ALTER ROLE are logged; for an audit trail use pgaudit`,
    },
    {
      path: "parameters.shared_preload_libraries",
      holds: !/\bvector\b/.test(parameters["shared_preload_libraries"] ?? ""),
      message: `names "vector", which RDS rejects; pgvector needs only CREATE EXTENSION vector`,
    },
  ];
}
