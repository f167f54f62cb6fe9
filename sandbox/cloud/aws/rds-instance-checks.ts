import type { Inputs } from "../rule.ts";
import {
  arnOf,
  between,
  check,
  conflicting,
  exactlyOne,
  integer,
  matches,
  must,
  mustSecretly,
  needs,
  oneOf,
  requires,
  when,
} from "./constraints.ts";
import { ENGINES } from "./rds-engines.ts";
import { restoreProblems } from "./rds-restore.ts";
import { amount, known, text } from "./shapes.ts";

const LOG_EXPORTS: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgresql", "upgrade", "iam-db-auth-error"],
  mysql: ["audit", "error", "general", "slowquery", "iam-db-auth-error"],
  mariadb: ["audit", "error", "general", "slowquery"],
};

/** What RDS and its provider say about the inputs of an instance. */
export const instanceChecks = check(
  oneOf("engine", ...Object.keys(ENGINES)),
  matches(
    "instanceClass",
    /^db\.[a-z][a-z0-9]*\.(\d*x?large|micro|small|medium|metal)[a-z0-9.]*$/,
    "an instance class such as db.t4g.medium",
  ),
  when(
    (inputs) => !isRestored(inputs),
    needs("unless it is restored or a replica", "engine", "allocatedStorage"),
  ),
  when(
    isFresh,
    exactlyOne("password", "passwordWo", "manageMasterUserPassword"),
    needs("unless it is restored or a replica", "username"),
  ),
  mustSecretly(
    "password",
    (value) => /^[^/@" ]{8,128}$/.test(String(value)),
    '8 to 128 characters without /, @, " or space',
  ),
  must(
    "username",
    (value) => !["rdsadmin", "admin", "postgres_admin"].includes(String(value)) || value === "admin",
    "a name RDS does not reserve",
  ),
  when(
    (inputs) => inputs["engine"] === "postgres",
    must(
      "username",
      (value) => value !== "admin" && value !== "rdsadmin",
      "another name: PostgreSQL reserves it on RDS",
    ),
  ),
  matches(
    "dbName",
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
    "a letter first, then letters, digits and underscores, at most 63",
  ),
  must("dbName", (value) => String(value).toLowerCase() !== "db", "another name: RDS reserves db"),
  integer("backupRetentionPeriod", 0, 35),
  oneOf("monitoringInterval", 0, 1, 5, 10, 15, 30, 60),
  when(
    (inputs) => amount(inputs, "monitoringInterval", 0) > 0,
    needs("when monitoringInterval is above 0", "monitoringRoleArn"),
  ),
  oneOf("storageType", "standard", "gp2", "gp3", "io1", "io2"),
  between("allocatedStorage", 20, 65536),
  between("port", 1150, 65535),
  oneOf("databaseInsightsMode", "standard", "advanced"),
  must(
    "performanceInsightsRetentionPeriod",
    isInsightsRetention,
    "7, 731 or a multiple of 31 up to 713 days",
  ),
  requires("performanceInsightsKmsKeyId", "performanceInsightsEnabled"),
  requires("masterUserSecretKmsKeyId", "manageMasterUserPassword"),
  when(
    (inputs) => known(inputs["kmsKeyId"]) && inputs["storageEncrypted"] !== true && !isRestored(inputs),
    needsEncryption,
  ),
  matches("backupWindow", /^\d\d:\d\d-\d\d:\d\d$/, "a window such as 03:00-04:00 (UTC)"),
  matches(
    "maintenanceWindow",
    /^(mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d-(mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d$/i,
    "a window such as sun:04:30-sun:05:30 (UTC)",
  ),
  matches(
    "finalSnapshotIdentifier",
    /^[A-Za-z](?!.*--)[0-9A-Za-z-]*(?<!-)$/,
    "letters, digits and single hyphens, a letter first, no hyphen at the end",
  ),
  conflicting("snapshotIdentifier", "restoreToPointInTime", "replicateSourceDb", "s3Import"),
  arnOf("monitoringRoleArn", "iam"),
  arnOf("kmsKeyId", "kms"),
  arnOf("performanceInsightsKmsKeyId", "kms"),
  restoreProblems,
  storageAutoscaling,
  logExports,
);

function isRestored(inputs: Inputs): boolean {
  return ["snapshotIdentifier", "restoreToPointInTime", "replicateSourceDb", "s3Import"].some(
    (property) => inputs[property] !== undefined,
  );
}

function isFresh(inputs: Inputs): boolean {
  return !isRestored(inputs);
}

function isInsightsRetention(value: unknown): boolean {
  const days = Number(value);
  return days === 0 || days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 713);
}

function needsEncryption() {
  return [{ property: "storageEncrypted", reason: "must be true when kmsKeyId is given" }];
}

function storageAutoscaling({ allocatedStorage, maxAllocatedStorage }: Inputs) {
  return typeof allocatedStorage === "number" &&
    typeof maxAllocatedStorage === "number" &&
    maxAllocatedStorage > 0 &&
    maxAllocatedStorage <= allocatedStorage
    ? [
        {
          property: "maxAllocatedStorage",
          reason: `expected more than allocatedStorage (${allocatedStorage} GiB), got ${maxAllocatedStorage}`,
        },
      ]
    : [];
}

function logExports(inputs: Inputs) {
  const allowed = LOG_EXPORTS[text(inputs, "engine")];
  return allowed === undefined ? [] : oneOf("enabledCloudwatchLogsExports[]", ...allowed)(inputs);
}
