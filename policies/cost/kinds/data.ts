import { HOURS_PER_MONTH, pricedBelow } from "../prices.ts";
import { baseline, HOW_TO_ADD, known, shown, Unpriced, used, type Pricer } from "../resource.ts";

const INSTANCE = "aws:rds/instance:Instance";
const PROXY_TARGET = "aws:rds/proxyTarget:ProxyTarget";

/** RDS Proxy is charged for no fewer. */
const PROXY_MIN_VCPUS = 2;

/** Classes of the same size have as many, whatever their family. */
const VCPUS: Readonly<Record<string, number>> = { micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 };

const instance: Pricer = (resource) => {
  resource.only("engine", ["postgres"], undefined);
  resource.only("storageType", ["gp3"], undefined);
  for (const extra of ["iops", "storageThroughput"]) resource.only(extra, [undefined], undefined);
  if (resource.isTrue("performanceInsightsEnabled"))
    resource.only("performanceInsightsRetentionPeriod", [7], 7);
  const deployment = resource.isTrue("multiAz") ? "-multi-az" : "";
  const size = sized(`rds-postgres${deployment}:`, resource.text("instanceClass"), "instanceClass");
  const least = resource.number("allocatedStorage");
  const most = Math.max(least, resource.number("maxAllocatedStorage", least));
  const room = least === most ? `${least} GB` : `${least} to ${most} GB`;
  const suffix = deployment === "" ? "" : ", Multi-AZ";
  return [
    baseline(`rds-postgres${deployment}:${size}`, `${size}${suffix}`, HOURS_PER_MONTH),
    baseline(`rds-gp3${deployment}`, `${room} of gp3${suffix}`, { min: least, max: most }),
    used("rds-backup", "backups beyond the free ones", resource.usage("rds.backupGb")),
  ];
};

const proxy: Pricer = (resource) => {
  const [target] = resource.graph.referring(resource.node, "dbProxyName", PROXY_TARGET);
  const [database] = target ? resource.graph.targets(target, "dbInstanceIdentifier", INSTANCE) : [];
  if (!database)
    throw new Unpriced(
      "target",
      "no instance of this stack",
      "an instance of this stack, whose vCPUs it is charged by",
      `Add an ${PROXY_TARGET} for an ${INSTANCE}.`,
    );
  const size = known(database, "instanceClass");
  const vcpus = VCPUS[String(size).split(".").at(-1) ?? ""];
  if (vcpus === undefined)
    throw new Unpriced(
      `${database.name}'s instanceClass`,
      shown(size),
      `of a size whose vCPUs are known: ${Object.keys(VCPUS).join(", ")}`,
      "Add it to VCPUS in policies/cost/kinds/data.ts.",
    );
  const charged = Math.max(PROXY_MIN_VCPUS, vcpus);
  return [baseline("rds-proxy", `${charged} vCPUs of its database`, charged * HOURS_PER_MONTH)];
};

const copiedBackups: Pricer = (resource) => [
  used("rds-backup", "copied backups", resource.usage("rds.copiedBackupGb")),
  { ...used("region-egress", "backups on their way", resource.usage("rds.copiedGb")), region: resource.home },
];

const replicationGroup: Pricer = (resource) => {
  const engine = resource.text("engine", "redis");
  const size = sized(`elasticache-${engine}:`, resource.text("nodeType"), "nodeType");
  const shards = resource.number("numNodeGroups", 1);
  const nodes = resource.number(
    "numCacheClusters",
    shards * (1 + resource.number("replicasPerNodeGroup", 0)),
  );
  return [
    baseline(`elasticache-${engine}:${size}`, `${nodes} nodes ${size}, ${engine}`, nodes * HOURS_PER_MONTH),
    used("cache-backup", "snapshots beyond the free one", resource.usage("cache.backupGb")),
  ];
};

/** A size that the table has. @throws Unpriced with those that it has */
function sized(prefix: string, size: string, property: string): string {
  const sizes = pricedBelow(prefix);
  if (sizes.includes(size)) return size;
  const [what = ""] = prefix.split(":");
  const allowed =
    sizes.length > 0 ? `one of ${sizes.join(", ")}, which have prices` : "of an engine with prices";
  throw new Unpriced(property, `${size} (${what})`, allowed, HOW_TO_ADD);
}

const bucket: Pricer = (resource) => [
  used("s3-storage", "storage", resource.usage("s3.storageGb")),
  used("s3-writes", "writes", resource.usage("s3.writes") / 1000),
  used("s3-reads", "reads", resource.usage("s3.reads") / 1000),
];

const gigabytes =
  (price: string, what: string, key: Parameters<Parameters<Pricer>[0]["usage"]>[0]): Pricer =>
  (resource) => [used(price, what, resource.usage(key))];

const vault: Pricer = (resource) => [
  used("backup-efs", "file systems", resource.usage("backup.efsGb")),
  used("rds-backup", "databases", resource.usage("backup.rdsGb")),
];

export const data: Readonly<Record<string, Pricer>> = {
  [INSTANCE]: instance,
  "aws:rds/proxy:Proxy": proxy,
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": copiedBackups,
  "aws:rds/snapshot:Snapshot": gigabytes("rds-backup", "snapshot", "rds.snapshotGb"),
  "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": gigabytes(
    "region-egress",
    "objects on their way",
    "s3.replicatedGb",
  ),
  "aws:ecr/repository:Repository": gigabytes("ecr-storage", "images", "ecr.storageGb"),
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": gigabytes(
    "region-egress",
    "images on their way",
    "ecr.replicatedGb",
  ),
  "aws:efs/fileSystem:FileSystem": gigabytes("efs-storage", "storage", "efs.storageGb"),
  "aws:backup/vault:Vault": vault,
};
