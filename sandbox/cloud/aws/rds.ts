import type { Inputs, Rules } from "../rule.ts";
import {
  arnOf,
  check,
  count,
  exactlyOne,
  integer,
  lengthOf,
  matches,
  oneOf,
  requires,
} from "./constraints.ts";
import { rdsGroups } from "./rds-groups.ts";
import { INSTANCE, rdsInstance } from "./rds-instance.ts";
import { admitReplication, keepCopies } from "./rds-restore.ts";
import { firstOf, keyElsewhere, kmsKey, refersTo, role, securityGroup, subnet } from "./references.ts";
import type { Reference } from "./references.ts";
import { zonesOf } from "./regions.ts";
import { ACCOUNT_LABEL, arn, blank, byInput, known, letters, list, nested, text, uuid } from "./shapes.ts";

const PROXY = "aws:rds/proxy:Proxy";

export const rds: Rules = {
  ...rdsInstance,
  ...rdsGroups,
  [PROXY]: {
    name: {
      property: "name",
      pattern: /^[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)$/,
      allowed: "letters, digits and single hyphens, a letter first, no hyphen at the end",
      maxLength: 63,
      scope: "region",
      autoname: "hex",
      taken: (name) => `DBProxyAlreadyExistsFault: A DB proxy with the name ${name} already exists`,
    },
    id: byInput("name"),
    defaults: { debugLogging: false, requireTls: false },
    computed: (ctx) => ({
      arn: arn(ctx, "rds", `db-proxy:prx-0${ctx.hex(16, "proxy")}`),
      defaultAuthScheme: "NONE",
      endpoint: `${ctx.id.toLowerCase()}.proxy-${ACCOUNT_LABEL}.${ctx.region}.rds.amazonaws.com`,
      endpointNetworkType: "IPV4",
      idleClientTimeout: 1800,
      targetConnectionNetworkType: "IPV4",
      vpcSecurityGroupIds: [],
    }),
    replaceOn: ["engineFamily", "vpcSubnetIds", "endpointNetworkType", "targetConnectionNetworkType"],
    sets: ["vpcSubnetIds", "vpcSecurityGroupIds", "auths"],
    check: check(
      oneOf("engineFamily", "POSTGRESQL", "MYSQL", "SQLSERVER"),
      integer("idleClientTimeout", 1, 28800),
      count("vpcSubnetIds", 2, 50),
      oneOf("auths[].authScheme", "SECRETS"),
      oneOf("auths[].iamAuth", "DISABLED", "REQUIRED", "ENABLED"),
      oneOf(
        "auths[].clientPasswordAuthType",
        ...[
          "MYSQL_NATIVE_PASSWORD",
          "MYSQL_CACHING_SHA2_PASSWORD",
          "POSTGRES_SCRAM_SHA_256",
          "POSTGRES_MD5",
          "SQL_SERVER_AUTHENTICATION",
        ],
      ),
      arnOf("auths[].secretArn", "secretsmanager"),
      (inputs) =>
        list(inputs, "auths").length === 0 && !known(inputs["defaultAuthScheme"])
          ? [{ property: "auths", reason: "give at least one secret, or defaultAuthScheme IAM_AUTH" }]
          : [],
    ),
    admit: refersTo({
      "vpcSubnetIds[]": subnet,
      "vpcSecurityGroupIds[]": securityGroup,
      roleArn: role,
      "auths[].secretArn": {
        types: ["aws:secretsmanager/secret:Secret", INSTANCE],
        by: ["arn"],
        except: /:secret:rds!/,
        missing: (value) => `InvalidParameterValue: The secret ${value} could not be found`,
      },
    }),
  },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    id: byInput("dbProxyName"),
    computed: (ctx) => ({
      arn: arn(ctx, "rds", `target-group:prx-tg-0${ctx.hex(16, "target group")}`),
      name: "default",
      connectionPoolConfig: {
        connectionBorrowTimeout: 120,
        initQuery: "",
        maxConnectionsPercent: 100,
        maxIdleConnectionsPercent: 50,
        sessionPinningFilters: [],
      },
    }),
    replaceOn: ["dbProxyName"],
    check: check(
      integer("connectionPoolConfig.connectionBorrowTimeout", 0, 3600),
      integer("connectionPoolConfig.maxConnectionsPercent", 1, 100),
      integer("connectionPoolConfig.maxIdleConnectionsPercent", 0, 100),
      oneOf("connectionPoolConfig.sessionPinningFilters[]", "EXCLUDE_VARIABLE_SETS"),
      idleBelowMost,
    ),
    admit: refersTo({ dbProxyName: proxy() }),
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    id: (ctx) =>
      [
        text(ctx.inputs, "dbProxyName"),
        text(ctx.inputs, "targetGroupName"),
        known(ctx.inputs["dbClusterIdentifier"]) ? "TRACKED_CLUSTER" : "RDS_INSTANCE",
        text(ctx.inputs, "dbInstanceIdentifier", text(ctx.inputs, "dbClusterIdentifier")),
      ].join("/"),
    computed: (ctx) => {
      const instance = ctx.world.find(INSTANCE, "identifier", ctx.inputs["dbInstanceIdentifier"]);
      return {
        endpoint: instance?.state["address"] ?? "",
        port: instance?.state["port"] ?? 5432,
        rdsResourceId: text(ctx.inputs, "dbInstanceIdentifier"),
        targetArn: instance?.state["arn"] ?? "",
        trackedClusterId: "",
        type: "RDS_INSTANCE",
      };
    },
    replaceOn: ["dbProxyName", "targetGroupName", "dbInstanceIdentifier", "dbClusterIdentifier"],
    check: check(exactlyOne("dbInstanceIdentifier", "dbClusterIdentifier")),
    admit: refersTo({ dbProxyName: proxy(), dbInstanceIdentifier: instanceByName() }),
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    id: (ctx) => arn(ctx, "rds", `auto-backup:ab-${letters(ctx, "backup", 39)}`),
    defaults: { retentionPeriod: 7 },
    computed: (ctx) => ({ kmsKeyId: arn(ctx, "kms", `key/${uuid(ctx, "aws/rds")}`) }),
    replaceOn: ["kmsKeyId", "preSignedUrl", "retentionPeriod", "sourceDbInstanceArn"],
    check: check(
      integer("retentionPeriod", 1, 35),
      arnOf("sourceDbInstanceArn", "rds"),
      arnOf("kmsKeyId", "kms"),
    ),
    admit: firstOf(
      refersTo({
        sourceDbInstanceArn: {
          types: [INSTANCE],
          by: ["arn"],
          missing: (value) => `DBInstanceNotFound: ${value} not found`,
        },
        kmsKeyId: kmsKey,
      }),
      admitReplication,
      ({ inputs, region }) => keyElsewhere(inputs["kmsKeyId"], region),
    ),
    onCreate: keepCopies,
  },
  "aws:rds/snapshot:Snapshot": {
    id: byInput("dbSnapshotIdentifier"),
    computed: (ctx) => {
      const state = ctx.world.find(INSTANCE, "identifier", ctx.inputs["dbInstanceIdentifier"])?.state ?? {};
      return {
        allocatedStorage: state["allocatedStorage"] ?? 20,
        availabilityZone: state["availabilityZone"] ?? zonesOf(ctx.region)[0],
        dbSnapshotArn: arn(ctx, "rds", `snapshot:${ctx.id}`),
        encrypted: state["storageEncrypted"] ?? false,
        engine: state["engine"] ?? "postgres",
        engineVersion: state["engineVersionActual"] ?? "",
        iops: state["iops"] ?? 0,
        kmsKeyId: state["kmsKeyId"] ?? "",
        licenseModel: "postgresql-license",
        optionGroupName: state["optionGroupName"] ?? "",
        port: state["port"] ?? 5432,
        snapshotType: "manual",
        status: "available",
        storageType: state["storageType"] ?? "gp3",
        vpcId: "",
        ...blank("sourceDbSnapshotIdentifier", "sourceRegion"),
      };
    },
    replaceOn: ["dbInstanceIdentifier", "dbSnapshotIdentifier"],
    check: check(
      matches(
        "dbSnapshotIdentifier",
        /^[A-Za-z](?!.*--)[0-9A-Za-z-]*(?<!-)$/,
        "letters, digits and single hyphens, a letter first",
      ),
      lengthOf("dbSnapshotIdentifier", 1, 255),
    ),
    admit: refersTo({ dbInstanceIdentifier: instanceByName() }),
  },
  "aws:rds/eventSubscription:EventSubscription": {
    name: {
      property: "name",
      maxLength: 255,
      pattern: /^[0-9A-Za-z-]+$/,
      allowed: "letters, digits and hyphens",
      scope: "region",
      autoname: "hex",
    },
    id: byInput("name"),
    defaults: { enabled: true },
    computed: (ctx) => ({
      arn: arn(ctx, "rds", `es:${ctx.id}`),
      customerAwsId: ctx.accountId,
      namePrefix: "",
    }),
    replaceOn: ["name", "namePrefix"],
    sets: ["eventCategories", "sourceIds"],
    check: check(
      oneOf(
        "sourceType",
        ...[
          "db-instance",
          "db-security-group",
          "db-parameter-group",
          "db-snapshot",
          "db-cluster",
          "db-cluster-snapshot",
          "db-proxy",
          "blue-green-deployment",
          "custom-engine-version",
          "db-shard-group",
        ],
      ),
      arnOf("snsTopic", "sns"),
      requires("sourceIds", "sourceType"),
    ),
  },
};

function proxy(): Reference {
  return { types: [PROXY], missing: (name) => `DBProxyNotFoundFault: DB proxy ${name} not found` };
}

function instanceByName(): Reference {
  return {
    types: [INSTANCE],
    by: ["identifier"],
    missing: (name) => `DBInstanceNotFound: DBInstance ${name} not found.`,
  };
}

function idleBelowMost(inputs: Inputs) {
  const { maxConnectionsPercent = 100, maxIdleConnectionsPercent = 50 } = nested(
    inputs["connectionPoolConfig"],
  );
  return typeof maxConnectionsPercent === "number" &&
    typeof maxIdleConnectionsPercent === "number" &&
    maxIdleConnectionsPercent > maxConnectionsPercent
    ? [
        {
          property: "connectionPoolConfig.maxIdleConnectionsPercent",
          reason: `expected at most maxConnectionsPercent (${maxConnectionsPercent}), got ${maxIdleConnectionsPercent}`,
        },
      ]
    : [];
}
