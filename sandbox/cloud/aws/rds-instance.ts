import type { Context, Inputs, Rules } from "../rule.ts";
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
import { firstOf, kmsKey, refersTo, role, securityGroup } from "./references.ts";
import { zonesOf } from "./regions.ts";
import { ACCOUNT_LABEL, amount, arn, blank, capitals, known, text, uuid } from "./shapes.ts";

export const INSTANCE = "aws:rds/instance:Instance";
const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";

const IDENTIFIER = /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/;
const IDENTIFIER_ALLOWED =
  "lower-case letters, digits and single hyphens, a letter first, no hyphen at the end";

/** Default port and latest minor version by engine. */
const ENGINES: Readonly<Record<string, { port: number; username: string }>> = {
  postgres: { port: 5432, username: "postgres" },
  mysql: { port: 3306, username: "admin" },
  mariadb: { port: 3306, username: "admin" },
  "sqlserver-ex": { port: 1433, username: "admin" },
  "sqlserver-web": { port: 1433, username: "admin" },
  "sqlserver-se": { port: 1433, username: "admin" },
  "sqlserver-ee": { port: 1433, username: "admin" },
  "oracle-se2": { port: 1521, username: "admin" },
  "oracle-ee": { port: 1521, username: "admin" },
};

/** The minor version RDS picks for a major one. Source: RDS for PostgreSQL release calendar. */
const LATEST_MINOR: Readonly<Record<string, string>> = {
  "13": "13.22",
  "14": "14.19",
  "15": "15.14",
  "16": "16.10",
  "17": "17.6",
};

const LOG_EXPORTS: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgresql", "upgrade", "iam-db-auth-error"],
  mysql: ["audit", "error", "general", "slowquery", "iam-db-auth-error"],
  mariadb: ["audit", "error", "general", "slowquery"],
};

export const rdsInstance: Rules = {
  [INSTANCE]: {
    name: {
      property: "identifier",
      pattern: IDENTIFIER,
      allowed: IDENTIFIER_ALLOWED,
      maxLength: 63,
      scope: "region",
      autoname: "hex",
      taken: (name) => `DBInstanceAlreadyExists: DB instance already exists: ${name}`,
    },
    id: (ctx) => `db-${capitals(ctx, "resource", 26)}`,
    defaults: {
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: false,
      dedicatedLogVolume: false,
      deleteAutomatedBackups: true,
      monitoringInterval: 0,
      publiclyAccessible: false,
      skipFinalSnapshot: false,
    },
    computed: (ctx) => {
      const address = `${text(ctx.inputs, "identifier")}.${ACCOUNT_LABEL}.${ctx.region}.rds.amazonaws.com`;
      const engine = text(ctx.inputs, "engine", "postgres");
      const listensOn = amount(ctx.inputs, "port", ENGINES[engine]?.port ?? 5432);
      const version = engineVersion(ctx.inputs);
      return {
        address,
        arn: arn(ctx, "rds", `db:${text(ctx.inputs, "identifier")}`),
        allocatedStorage: 20,
        availabilityZone: zonesOf(ctx.region)[0],
        backupRetentionPeriod: 0,
        backupTarget: "region",
        backupWindow: "06:10-06:40",
        caCertIdentifier: "rds-ca-rsa2048-g1",
        databaseInsightsMode: "standard",
        dbName: "",
        dbSubnetGroupName: "default",
        endpoint: `${address}:${listensOn}`,
        engine,
        engineLifecycleSupport: "open-source-rds-extended-support",
        engineVersion: version,
        engineVersionActual: version.includes(".") ? version : (LATEST_MINOR[version] ?? version),
        hostedZoneId: "Z2R2ITUGPM61AM",
        iops: text(ctx.inputs, "storageType") === "gp3" ? 3000 : 0,
        kmsKeyId:
          ctx.inputs["storageEncrypted"] === true ? arn(ctx, "kms", `key/${uuid(ctx, "aws/rds")}`) : "",
        latestRestorableTime: ctx.createdAt,
        licenseModel: "postgresql-license",
        listenerEndpoints: [],
        maintenanceWindow: "sun:07:00-sun:07:30",
        masterUserSecrets: ctx.inputs["manageMasterUserPassword"] === true ? [masterUserSecret(ctx)] : [],
        multiAz: false,
        networkType: "IPV4",
        optionGroupName: `default:${engine}-${version.split(".")[0] ?? ""}`,
        parameterGroupName: `default.${engine}${version.split(".")[0] ?? ""}`,
        performanceInsightsRetentionPeriod: ctx.inputs["performanceInsightsEnabled"] === true ? 7 : 0,
        port: listensOn,
        replicas: [],
        resourceId: ctx.id,
        status: "available",
        storageThroughput: text(ctx.inputs, "storageType") === "gp3" ? 125 : 0,
        storageType: "gp2",
        upgradeRolloutOrder: "second",
        username: ENGINES[engine]?.username ?? "admin",
        vpcSecurityGroupIds: [],
        ...blank("characterSetName", "domainFqdn", "identifierPrefix", "masterUserSecretKmsKeyId"),
        ...blank("monitoringRoleArn", "ncharCharacterSetName", "performanceInsightsKmsKeyId"),
        ...blank("replicaMode", "snapshotIdentifier", "timezone"),
      };
    },
    volatile: ["endpoint", "port", "engineVersionActual", "masterUserSecrets", "latestRestorableTime"],
    replaceOn: [
      ...[
        "availabilityZone",
        "backupTarget",
        "characterSetName",
        "customIamInstanceProfile",
        "dbName",
        "engine",
      ],
      ...["identifierPrefix", "kmsKeyId", "ncharCharacterSetName", "s3Import", "snapshotIdentifier"],
      ...["storageEncrypted", "timezone", "username", "restoreToPointInTime"],
    ],
    writeOnly: [
      ...[
        "allowMajorVersionUpgrade",
        "applyImmediately",
        "finalSnapshotIdentifier",
        "password",
        "passwordWo",
      ],
      ...["passwordWoVersion", "skipFinalSnapshot", "deleteAutomatedBackups", "blueGreenUpdate"],
    ],
    sets: ["vpcSecurityGroupIds", "enabledCloudwatchLogsExports", "domainDnsIps"],
    check: check(
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
      storageAutoscaling,
      logExports,
    ),
    admit: firstOf(
      refersTo({
        dbSubnetGroupName: {
          types: [SUBNET_GROUP],
          except: /^default$/,
          missing: (name) => `DBSubnetGroupNotFoundFault: DB subnet group '${name}' does not exist`,
        },
        parameterGroupName: {
          types: [PARAMETER_GROUP],
          except: /^default\./,
          missing: (name) => `DBParameterGroupNotFound: DBParameterGroup not found: ${name}`,
        },
        "vpcSecurityGroupIds[]": securityGroup,
        monitoringRoleArn: role,
        kmsKeyId: kmsKey,
        performanceInsightsKmsKeyId: kmsKey,
      }),
      admitFamily,
      admitUpgrade,
    ),
    guardDelete: (ctx) => {
      const name = text(ctx.inputs, "identifier");
      if (ctx.state?.["deletionProtection"] === true)
        return `InvalidParameterCombination: Cannot delete protected DB Instance ${name}, please disable deletion protection and try again.`;
      if (ctx.inputs["skipFinalSnapshot"] !== true && !known(ctx.inputs["finalSnapshotIdentifier"]))
        return `final_snapshot_identifier is required when skip_final_snapshot is false: set finalSnapshotIdentifier on ${name}`;
      const snapshot = text(ctx.inputs, "finalSnapshotIdentifier");
      return ctx.inputs["skipFinalSnapshot"] !== true &&
        ctx.world.reservedUntil("aws:rds/snapshot:Snapshot", snapshot) !== undefined
        ? `DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier ${snapshot} already exists.`
        : undefined;
    },
    onDelete: (ctx) => {
      if (ctx.inputs["skipFinalSnapshot"] !== true)
        ctx.world.reserve("aws:rds/snapshot:Snapshot", text(ctx.inputs, "finalSnapshotIdentifier"), 36500);
    },
  },
};

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

function engineVersion(inputs: Inputs): string {
  return text(
    inputs,
    "engineVersion",
    text(inputs, "engine", "postgres") === "postgres" ? "15.14" : "8.0.42",
  );
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? "";
}

function masterUserSecret(ctx: Context) {
  return {
    kmsKeyId: text(
      ctx.inputs,
      "masterUserSecretKmsKeyId",
      arn(ctx, "kms", `key/${uuid(ctx, "aws/secretsmanager")}`),
    ),
    secretArn: arn(ctx, "secretsmanager", `secret:rds!${ctx.id}-${ctx.hex(6, "secret")}`),
    secretStatus: "active",
  };
}

/** A parameter group serves one family only. */
function admitFamily({ inputs, world }: Context): string | undefined {
  const name = text(inputs, "parameterGroupName");
  const family = text(world.get(PARAMETER_GROUP, name)?.inputs ?? {}, "family");
  const engine = text(inputs, "engine");
  const wanted = `${engine}${majorOf(engineVersion(inputs))}`;
  return family === "" || engine !== "postgres" || family === wanted
    ? undefined
    : `InvalidParameterCombination: The parameter group ${name} with DBParameterGroupFamily ${family} can't be used for this instance. Please use a parameter group with DBParameterGroupFamily ${wanted}.`;
}

/** Major versions only go up, and only when that is allowed. */
function admitUpgrade({ inputs, state }: Context): string | undefined {
  if (state === undefined || text(inputs, "engine") !== "postgres") return undefined;
  const before = Number(majorOf(text(state, "engineVersion", engineVersion(inputs))));
  const after = Number(majorOf(engineVersion(inputs)));
  if (after < before)
    return `InvalidParameterCombination: Cannot upgrade postgres from ${before} to ${after}: a downgrade is not possible`;
  return after > before && inputs["allowMajorVersionUpgrade"] !== true
    ? "InvalidParameterCombination: The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
    : undefined;
}
