import {
  type DBInstance,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";

/** What a database is restored to: a snapshot, or a time of the backups; without one, the latest. */
export type Point = { snapshot: string } | { time: string | undefined };

const TIME = /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/;
const SNAPSHOT = /^(?:arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:)?[A-Za-z](?!.*--)[A-Za-z0-9:-]{0,254}$/;

/** Reads `--to`; text is what is wrong with it. */
export function parsePoint(text: string, now = new Date()): Point | string {
  if (text === "latest") return { time: undefined };
  if (TIME.test(text) && new Date(text) > now) return `--to is "${text}", which is yet to come; say latest`;
  if (TIME.test(text) && isReal(text)) return { time: text };
  if (SNAPSHOT.test(text)) return { snapshot: text };
  return `--to is ${text === "" ? "missing" : `"${text}"`}; give a time in UTC, for example 2026-11-23T08:00:00Z, latest, or a snapshot's name`;
}

/** The 31st of February is read as a day of March. */
function isReal(time: string): boolean {
  const date = new Date(time);
  return !Number.isNaN(date.valueOf()) && iso(date) === time;
}

/** @throws OperationError when RDS could not restore that */
export async function checkPoint(rds: RDSClient, instance: string, point: Point): Promise<string> {
  return "snapshot" in point ? checkSnapshot(rds, point.snapshot) : checkTime(rds, instance, point.time);
}

async function checkSnapshot(rds: RDSClient, name: string): Promise<string> {
  const { DBSnapshots: [found] = [] } = await rds
    .send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }))
    .catch((error: unknown) => {
      if (!/^DBSnapshotNotFound/.test((error as Error).name)) throw error;
      return { DBSnapshots: [] };
    });
  if (found?.Status !== "available")
    throw new OperationError(
      `Nothing was changed: the snapshot ${name} ${found ? `is ${found.Status ?? "in no state"}` : "does not exist"}. ` +
        "Which there are: aws rds describe-db-snapshots --query 'DBSnapshots[].DBSnapshotIdentifier'",
    );
  if (found.Engine !== "postgres")
    throw new OperationError(`Nothing was changed: ${name} is of ${found.Engine ?? "nothing"}.`);
  return `${name}, of ${found.DBInstanceIdentifier ?? "another instance"}`;
}

async function checkTime(rds: RDSClient, instance: string, time: string | undefined): Promise<string> {
  const { DBInstanceAutomatedBackups: backups = [] } = await rds.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: instance }),
  );
  const [from, to] = [backups[0]?.RestoreWindow?.EarliestTime, backups[0]?.RestoreWindow?.LatestTime];
  if (!from || !to)
    throw new OperationError(`Nothing was changed: RDS has no backups of ${instance} to restore.`);
  const wanted = time === undefined ? to : new Date(time);
  if (wanted < from || wanted > to)
    throw new OperationError(
      `Nothing was changed: ${time ?? "the latest time"} is outside of what RDS can restore: ${iso(from)} to ${iso(to)}.`,
    );
  return `${instance} as of ${iso(wanted)}`;
}

const iso = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

/** What RDS knows of an instance. @throws OperationError when there is none */
export async function describeInstance(rds: RDSClient, identifier: string): Promise<DBInstance> {
  const { DBInstances: [found] = [] } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  if (!found) throw new OperationError(`RDS knows no instance ${identifier}.`);
  return found;
}

/** Large databases take their time. */
const RESTORE_LIMIT_MS = 3 * 60 * 60_000;

/**
 * Waits until a restored instance is available.
 *
 * @param apart in what it may differ from the old one @default - in nothing
 * @throws OperationError when it is not as the old one
 */
export async function standsAs(
  rds: RDSClient,
  { made, old }: { made: string; old: string },
  patience: Patience,
  apart: readonly string[] = [],
): Promise<string> {
  const now = await until(`${made} is available`, RESTORE_LIMIT_MS, patience, async () => {
    const found = await describeInstance(rds, made);
    return found.DBInstanceStatus === "available" ? found : undefined;
  });
  const differences = instanceDifferences(await describeInstance(rds, old), now, apart);
  if (differences.length > 0) throw new OperationError(`${made} is not as ${old}: ${differences.join("; ")}`);
  return `${made} is available, and as ${old}`;
}

/**
 * In what a restored instance must be as the one before: each difference a sentence.
 *
 * @param apart in what it may differ @default - in nothing
 */
export function instanceDifferences(
  old: DBInstance,
  now: DBInstance,
  apart: readonly string[] = [],
): string[] {
  const groups = ({ VpcSecurityGroups = [] }: DBInstance): string =>
    VpcSecurityGroups.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)
      .sort()
      .join(", ");
  const facts = (one: DBInstance): Record<string, string> => ({
    engine: `${one.Engine ?? ""} ${one.EngineVersion?.split(".")[0] ?? ""}`,
    "encryption key": one.KmsKeyId ?? "none",
    "first database": one.DBName ?? "none",
    "master user": one.MasterUsername ?? "none",
    "deletion protection": one.DeletionProtection === true ? "on" : "off",
    "public access": one.PubliclyAccessible === true ? "on" : "off",
    "security groups": groups(one),
    "subnet group": one.DBSubnetGroup?.DBSubnetGroupName ?? "none",
  });
  const [was, is] = [facts(old), facts(now)];
  return [
    ...(now.DBInstanceStatus === "available"
      ? []
      : [`it is ${now.DBInstanceStatus ?? "in no state"}, not available`]),
    ...Object.entries(was).flatMap(([name, value]) =>
      is[name] === value || apart.includes(name)
        ? []
        : [`${name}: ${is[name] ?? ""}, the old one has ${value}`],
    ),
  ];
}
