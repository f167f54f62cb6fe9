import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";
import { type Run, runFacts, runFrom } from "./run.ts";

/**
 * The snapshot before a run also bears what another machine needs to go on with it: tags say which run, with which images, and
 * whether it is over. No other store is needed, and the mark cannot be lost while what it protects is there.
 */
const TAGS = {
  run: "macro-ai:migration",
  state: "macro-ai:migration-state",
  fact: "macro-ai:migration-fact:",
} as const;

/** How a run ended. */
export type Outcome = "done" | "rolled back";

const LIMIT_MS = 3 * 60 * 60_000;

export const snapshotName = (database: string, run: Run): string => `${database}-migrate-${run.id}`;

/** Makes the snapshot of a run, unless it is there, and waits until it can be restored. */
export async function takeSnapshot(
  rds: RDSClient,
  database: string,
  run: Run,
  patience: Patience,
): Promise<string> {
  const name = snapshotName(database, run);
  if ((await describe(rds, name)) === undefined) {
    await until(`${database} is available`, LIMIT_MS, patience, async () => {
      const { DBInstances: [instance] = [] } = await rds.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: database }),
      );
      return instance?.DBInstanceStatus === "available" ? true : undefined;
    });
    await create(rds, database, name, run);
  }
  const size = await until(`the snapshot ${name} is available`, LIMIT_MS, patience, async () => {
    const snapshot = await describe(rds, name);
    if (snapshot?.Status === "failed")
      throw new OperationError(
        `RDS could not make the snapshot ${name}. Delete it (aws rds delete-db-snapshot --db-snapshot-identifier ${name}), then resume.`,
      );
    return snapshot?.Status === "available" ? (snapshot.AllocatedStorage ?? 0) : undefined;
  });
  return `${name} (${size} GiB) is available`;
}

async function create(rds: RDSClient, database: string, name: string, run: Run): Promise<void> {
  const facts = Object.entries(runFacts(run)).map(([key, Value]) => ({ Key: `${TAGS.fact}${key}`, Value }));
  await rds
    .send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: database,
        DBSnapshotIdentifier: name,
        Tags: [{ Key: TAGS.run, Value: run.id }, { Key: TAGS.state, Value: "open" }, ...facts],
      }),
    )
    .catch((error: unknown) => {
      // Made by a call whose answer was lost.
      if (!/^DBSnapshotAlreadyExists/.test((error as Error).name)) throw error;
    });
}

async function describe(rds: RDSClient, name: string): Promise<DBSnapshot | undefined> {
  const { DBSnapshots: [snapshot] = [] } = await rds
    .send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }))
    .catch((error: unknown) => {
      if (!/^DBSnapshotNotFound/.test((error as Error).name)) throw error;
      return { DBSnapshots: [] };
    });
  return snapshot;
}

/** The run of this database that is not over, whichever machine began it. */
export async function openRun(rds: RDSClient, database: string): Promise<Run | undefined> {
  const { DBSnapshots = [] } = await rds.send(
    new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: database, SnapshotType: "manual" }),
  );
  const runs = DBSnapshots.flatMap(({ TagList = [] }) => {
    const tags = Object.fromEntries(TagList.map(({ Key = "", Value = "" }) => [Key, Value]));
    const id = tags[TAGS.run];
    if (id === undefined || tags[TAGS.state] !== "open") return [];
    const facts = Object.entries(tags).flatMap(([key, value]) =>
      key.startsWith(TAGS.fact) ? [[key.slice(TAGS.fact.length), value] as const] : [],
    );
    return [runFrom(id, Object.fromEntries(facts))];
  });
  return runs.sort((one, other) => one.id.localeCompare(other.id)).at(-1);
}

/** Says on the snapshot that the run is over. */
export async function closeRun(rds: RDSClient, database: string, run: Run, outcome: Outcome): Promise<void> {
  const snapshot = await describe(rds, snapshotName(database, run));
  if (snapshot?.DBSnapshotArn === undefined) return;
  await rds.send(
    new AddTagsToResourceCommand({
      ResourceName: snapshot.DBSnapshotArn,
      Tags: [{ Key: TAGS.state, Value: outcome }],
    }),
  );
}
