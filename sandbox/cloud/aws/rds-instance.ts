import type { Context, Inputs, Rules } from "../rule.ts";
import { ENGINES, POSTGRES_MINORS } from "./rds-engines.ts";
import { instanceChecks } from "./rds-instance-checks.ts";
import { majorOf, PARAMETER_GROUP, refuseOtherFamily } from "./rds-family.ts";
import { admitRestore, hasSnapshot, leaveBehind, takeOver } from "./rds-restore.ts";
import { firstOf, kmsKey, refersTo, role, securityGroup } from "./references.ts";
import { zonesOf } from "./regions.ts";
import { ACCOUNT_LABEL, amount, arn, blank, capitals, known, text, uuid } from "./shapes.ts";

export const INSTANCE = "aws:rds/instance:Instance";
const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";

const IDENTIFIER = /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/;
const IDENTIFIER_ALLOWED =
  "lower-case letters, digits and single hyphens, a letter first, no hyphen at the end";

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
        engineVersionActual: version.includes(".") ? version : (POSTGRES_MINORS[version] ?? version),
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
    check: instanceChecks,
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
      admitRestore,
      admitFamily,
      admitUpgrade,
    ),
    onCreate: takeOver,
    guardDelete: (ctx) => {
      const name = text(ctx.inputs, "identifier");
      if (ctx.state?.["deletionProtection"] === true)
        return `InvalidParameterCombination: Cannot delete protected DB Instance ${name}, please disable deletion protection and try again.`;
      if (ctx.inputs["skipFinalSnapshot"] !== true && !known(ctx.inputs["finalSnapshotIdentifier"]))
        return `final_snapshot_identifier is required when skip_final_snapshot is false: set finalSnapshotIdentifier on ${name}`;
      const snapshot = text(ctx.inputs, "finalSnapshotIdentifier");
      return ctx.inputs["skipFinalSnapshot"] !== true && hasSnapshot(ctx, snapshot)
        ? `DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier ${snapshot} already exists.`
        : undefined;
    },
    onDelete: leaveBehind,
  },
};

function engineVersion(inputs: Inputs): string {
  return text(
    inputs,
    "engineVersion",
    text(inputs, "engine", "postgres") === "postgres" ? "15.14" : "8.0.42",
  );
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
  if (text(inputs, "engine") !== "postgres") return undefined;
  const group = text(inputs, "parameterGroupName");
  return refuseOtherFamily(world, group, `postgres${majorOf(engineVersion(inputs))}`);
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
