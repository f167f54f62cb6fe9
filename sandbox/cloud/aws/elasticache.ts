import type { Context, Inputs, Rules } from "../rule.ts";
import {
  arnOf,
  between,
  check,
  conflicting,
  count,
  integer,
  lengthOf,
  matches,
  mustSecretly,
  oneOf,
  when,
} from "./constraints.ts";
import { elasticacheGroups } from "./elasticache-groups.ts";
import { firstOf, kmsKey, refersTo, securityGroup } from "./references.ts";
import { ACCOUNT_LABEL, amount, arn, blank, known, text } from "./shapes.ts";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";
const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";
const USER_GROUP = "aws:elasticache/userGroup:UserGroup";

const NAME = /^[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)$/;
const NAME_ALLOWED = "letters, digits and single hyphens, a letter first, no hyphen at the end";
const WINDOW = /^(mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d-(mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d$/i;

export const elasticache: Rules = {
  ...elasticacheGroups,
  [REPLICATION_GROUP]: {
    name: {
      property: "replicationGroupId",
      pattern: NAME,
      allowed: NAME_ALLOWED,
      maxLength: 40,
      scope: "region",
      autoname: "hex",
      autonameCase: "lower",
      taken: (name) => `ReplicationGroupAlreadyExistsFault: Replication group ${name} already exists.`,
    },
    id: (ctx) => text(ctx.inputs, "replicationGroupId").toLowerCase(),
    defaults: { automaticFailoverEnabled: false, multiAzEnabled: false, snapshotRetentionLimit: 0 },
    computed: (ctx) => {
      const domain = `${ctx.hex(6, "cluster")}.ng.0001.${ctx.region}.cache.amazonaws.com`;
      const tls = ctx.inputs["transitEncryptionEnabled"] === true;
      const name = ctx.id;
      const nodes = amount(ctx.inputs, "numCacheClusters", 1);
      return {
        applyImmediately: false,
        arn: arn(ctx, "elasticache", `replicationgroup:${name}`),
        atRestEncryptionEnabled: text(ctx.inputs, "engine") === "valkey",
        autoMinorVersionUpgrade: true,
        clusterEnabled: false,
        clusterMode: "disabled",
        configurationEndpointAddress: "",
        dataTieringEnabled: false,
        engine: "redis",
        engineVersion: defaultVersion(ctx.inputs),
        engineVersionActual: actualVersion(text(ctx.inputs, "engineVersion", defaultVersion(ctx.inputs))),
        ipDiscovery: "ipv4",
        maintenanceWindow: "sun:05:00-sun:06:00",
        memberClusters: Array.from({ length: nodes }, (_, index) => `${name}-00${index + 1}`),
        networkType: "ipv4",
        nodeGroupConfigurations: [],
        nodeType: "cache.t4g.micro",
        numCacheClusters: nodes,
        numNodeGroups: 1,
        parameterGroupName: `default.${text(ctx.inputs, "engine", "redis")}${defaultVersion(ctx.inputs).split(".")[0] ?? ""}`,
        primaryEndpointAddress: tls
          ? `master.${name}.${ACCOUNT_LABEL}.${ctx.region.replaceAll("-", "")}.cache.amazonaws.com`
          : `${name}.${domain}`,
        readerEndpointAddress: tls
          ? `replica.${name}.${ACCOUNT_LABEL}.${ctx.region.replaceAll("-", "")}.cache.amazonaws.com`
          : `${name}-ro.${domain}`,
        replicasPerNodeGroup: nodes - 1,
        securityGroupIds: [],
        securityGroupNames: [],
        snapshotWindow: "03:00-04:00",
        subnetGroupName: "default",
        transitEncryptionEnabled: text(ctx.inputs, "engine") === "valkey",
        transitEncryptionMode: tls ? "required" : "",
        ...blank("durability", "globalReplicationGroupId"),
      };
    },
    volatile: ["engineVersionActual", "memberClusters", "replicasPerNodeGroup"],
    replaceOn: [
      ...[
        "atRestEncryptionEnabled",
        "dataTieringEnabled",
        "globalReplicationGroupId",
        "kmsKeyId",
        "networkType",
      ],
      ...["port", "preferredCacheClusterAzs", "replicationGroupId", "securityGroupNames", "snapshotArns"],
      ...["snapshotName", "subnetGroupName"],
    ],
    updateOn: ["transitEncryptionEnabled"],
    writeOnly: [
      "applyImmediately",
      "authToken",
      "authTokenUpdateStrategy",
      "authTokenWo",
      "authTokenWoVersion",
      "finalSnapshotIdentifier",
    ],
    sets: ["securityGroupIds", "userGroupIds", "logDeliveryConfigurations"],
    check: check(
      lengthOf("description", 1, 255),
      oneOf("engine", "redis", "valkey"),
      matches(
        "nodeType",
        /^cache\.[a-z][a-z0-9]*\.(\d*x?large|micro|small|medium)$/,
        "a node type such as cache.t4g.micro",
      ),
      versionOfEngine,
      integer("numCacheClusters", 1, 6),
      integer("replicasPerNodeGroup", 0, 5),
      integer("numNodeGroups", 1, 500),
      integer("snapshotRetentionLimit", 0, 35),
      between("port", 1, 65535),
      conflicting("authToken", "userGroupIds", "authTokenWo"),
      mustSecretly("authToken", isAuthToken, "16 to 128 printable characters, of symbols only !&#$^<>-"),
      when((inputs) => known(inputs["authToken"]) || known(inputs["userGroupIds"]), needsTls),
      when((inputs) => inputs["multiAzEnabled"] === true, failsOver("multiAzEnabled")),
      when((inputs) => inputs["automaticFailoverEnabled"] === true, hasReplica),
      when((inputs) => inputs["transitEncryptionMode"] !== undefined, needsTls),
      when(
        (inputs) => known(inputs["kmsKeyId"]) && inputs["atRestEncryptionEnabled"] === false,
        () => [{ property: "atRestEncryptionEnabled", reason: "must be true when kmsKeyId is given" }],
      ),
      oneOf("transitEncryptionMode", "preferred", "required"),
      oneOf("authTokenUpdateStrategy", "SET", "ROTATE", "DELETE"),
      oneOf("clusterMode", "enabled", "disabled", "compatible"),
      count("logDeliveryConfigurations", 0, 2),
      oneOf("logDeliveryConfigurations[].destinationType", "cloudwatch-logs", "kinesis-firehose"),
      oneOf("logDeliveryConfigurations[].logFormat", "json", "text"),
      oneOf("logDeliveryConfigurations[].logType", "slow-log", "engine-log"),
      matches("maintenanceWindow", WINDOW, "a window such as sun:05:00-sun:06:00 (UTC)"),
      matches("snapshotWindow", /^\d\d:\d\d-\d\d:\d\d$/, "a window such as 03:00-04:00 (UTC)"),
      arnOf("notificationTopicArn", "sns"),
      count("userGroupIds", 0, 1),
    ),
    admit: firstOf(
      refersTo({
        subnetGroupName: {
          types: [SUBNET_GROUP],
          except: /^default$/,
          missing: (name) => `CacheSubnetGroupNotFoundFault: Cache Subnet Group ${name} does not exist.`,
        },
        parameterGroupName: {
          types: [PARAMETER_GROUP],
          except: /^default\./,
          missing: (name) => `CacheParameterGroupNotFound: CacheParameterGroup ${name} not found.`,
        },
        "securityGroupIds[]": securityGroup,
        kmsKeyId: kmsKey,
        "userGroupIds[]": {
          types: [USER_GROUP],
          missing: (name) => `UserGroupNotFound: User group ${name} not found`,
        },
      }),
      admitFamily,
    ),
  },
};

function defaultVersion(inputs: Inputs): string {
  return text(inputs, "engine", "redis") === "valkey" ? "8.0" : "7.1";
}

function actualVersion(version: string): string {
  return version.split(".").length >= 3 ? version : `${version.replace(/^(\d+)$/, "$1.0")}.0`;
}

function versionOfEngine(inputs: Inputs) {
  return text(inputs, "engine") === "valkey"
    ? matches("engineVersion", /^(7\.2|8\.[0-2]|9\.\d)$/, "a Valkey version: 7.2, 8.0, 8.1, 8.2")(inputs)
    : matches(
        "engineVersion",
        /^([2-5](\.\d+){2}|6\.x|6\.\d|7\.[01])$/,
        "a Redis OSS version: 7.1, 7.0, 6.2 (newer ones are Valkey)",
      )(inputs);
}

function isAuthToken(value: unknown): boolean {
  return /^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(String(value));
}

function needsTls({ transitEncryptionEnabled, engine }: Inputs) {
  return transitEncryptionEnabled === false || (transitEncryptionEnabled === undefined && engine !== "valkey")
    ? [
        {
          property: "transitEncryptionEnabled",
          reason: "must be true for an AUTH token, user groups or transitEncryptionMode",
        },
      ]
    : [];
}

function failsOver(because: string) {
  return (inputs: Inputs) =>
    inputs["automaticFailoverEnabled"] === true || typeof inputs["automaticFailoverEnabled"] === "symbol"
      ? []
      : needsFailover(because);
}

function needsFailover(because: string) {
  return [{ property: "automaticFailoverEnabled", reason: `must be true when ${because} is true` }];
}

function hasReplica(inputs: Inputs) {
  return typeof inputs["numCacheClusters"] === "number" && inputs["numCacheClusters"] < 2
    ? [
        {
          property: "numCacheClusters",
          reason: `expected at least 2 when automaticFailoverEnabled is true, got ${inputs["numCacheClusters"]}`,
        },
      ]
    : [];
}

/** A parameter group serves one family only. */
function admitFamily({ inputs, world }: Context): string | undefined {
  const name = text(inputs, "parameterGroupName");
  const family = text(world.get(PARAMETER_GROUP, name)?.inputs ?? {}, "family");
  const engine = text(inputs, "engine", "redis");
  const version = text(inputs, "engineVersion", defaultVersion(inputs));
  const major = version.split(".")[0] ?? "";
  const wanted = engine === "redis" && major === "6" ? "redis6.x" : `${engine}${major}`;
  return family === "" || family === wanted
    ? undefined
    : `InvalidParameterCombination: Expected a parameter group of family ${wanted}, but found one of family ${family}`;
}
