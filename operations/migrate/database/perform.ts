import { PG_MIGRATE_LOCK_ID, runner } from "node-pg-migrate";
import type pg from "pg";
import { OperationError } from "../../lib/operation-error.ts";
import type { Answer, Request } from "../protocol.ts";
import { type MigrationFile, readMigrations } from "./files.ts";
import { HISTORY, historyProblems, readHistory, readRun, recordRun } from "./history.ts";
import { takeBaseline, verifyIntegrity } from "./integrity.ts";

/** Answers a request in a session of its own, with the migrations of a folder. */
export async function perform(client: pg.Client, folder: string, asked: Request): Promise<Answer> {
  const files = await readMigrations(folder);
  switch (asked.phase) {
    case "inspect":
      return inspect(client, files, asked.withSql);
    case "apply":
      return locked(client, () => apply(client, folder, files, asked.run));
    case "verify":
      return verify(client, folder, files, asked);
    case "revert":
      return locked(client, () => revert(client, folder, files, asked.run));
  }
}

async function inspect(
  client: pg.Client,
  files: readonly MigrationFile[],
  withSql: boolean,
): Promise<Answer> {
  const applied = await readHistory(client);
  const pending = pendingOf(files, applied);
  const summary = `${applied.length} applied, ${pending.length} pending${pending.length > 0 ? ":" : ""}`;
  return {
    lines: [
      summary,
      ...pending.flatMap(({ name, hasDown, sql }) => [
        `  ${name}${hasDown ? "" : " (no way back)"}`,
        ...(withSql
          ? sql
              .trimEnd()
              .split("\n")
              .map((line) => `    ${line}`)
          : []),
      ]),
    ],
    problems: historyProblems(files, applied),
  };
}

async function apply(
  client: pg.Client,
  folder: string,
  files: readonly MigrationFile[],
  run: string,
): Promise<Answer> {
  const applied = await readHistory(client);
  const problems = historyProblems(files, applied);
  if (problems.length > 0) return { lines: [], problems };
  const names = new Set(applied.map(({ name }) => name));
  const record = await readRun(client, run);
  const pending = pendingOf(files, applied);
  if (record && record.migrations.length > 0 && record.migrations.every(({ name }) => names.has(name)))
    return { lines: [`already applied: ${list(record.migrations)}`], problems: [] };
  await recordRun(client, run, {
    migrations: pending.map(({ name, sha256 }) => ({ name, sha256 })),
    baseline: await takeBaseline(client),
  });
  await migrate(client, folder, "up", pending.length);
  return { lines: [pending.length === 0 ? "nothing to apply" : `applied: ${list(pending)}`], problems: [] };
}

async function verify(
  client: pg.Client,
  folder: string,
  files: readonly MigrationFile[],
  { run, allowLoss }: Extract<Request, { phase: "verify" }>,
): Promise<Answer> {
  const record = await readRun(client, run);
  if (!record)
    return { lines: [], problems: [`the database knows nothing of the run ${run}: it was never applied`] };
  const verdict = await verifyIntegrity(client, { folder, files, before: record.baseline, allowLoss });
  return { lines: [...verdict.notes], problems: [...verdict.problems] };
}

async function revert(
  client: pg.Client,
  folder: string,
  files: readonly MigrationFile[],
  run: string,
): Promise<Answer> {
  const applied = (await readHistory(client)).map(({ name }) => name);
  const record = await readRun(client, run);
  const mine = (record?.migrations ?? []).map(({ name }) => name).filter((name) => applied.includes(name));
  if (mine.length === 0) return { lines: ["the schema is as before the run"], problems: [] };
  const later = applied.slice(-mine.length).filter((name) => !mine.includes(name));
  if (later.length > 0)
    return { lines: [], problems: [`${later.join(", ")} came after the run and would be lost`] };
  const oneWay = files.filter(({ name, hasDown }) => mine.includes(name) && !hasDown);
  if (oneWay.length > 0)
    return { lines: [], problems: oneWay.map(({ name }) => `${name} has no part "-- Down Migration"`) };
  await migrate(client, folder, "down", mine.length);
  return { lines: [`taken back: ${mine.toReversed().join(", ")}`], problems: [] };
}

/** All of them in one transaction, or none. */
async function migrate(
  client: pg.Client,
  folder: string,
  direction: "up" | "down",
  count: number,
): Promise<void> {
  if (count === 0) return;
  try {
    await runner({
      dbClient: client,
      dir: folder,
      direction,
      count,
      migrationsTable: HISTORY,
      singleTransaction: true,
      checkOrder: direction === "up",
      // Held already, around the look at the history as well.
      noLock: true,
      log: () => undefined,
    });
  } catch (error) {
    const { message, where } = error as pg.DatabaseError;
    throw new OperationError(
      `The transaction was rolled back, the schema is as before: ${message}${where ? ` (${where.split("\n")[0] ?? ""})` : ""}`,
    );
  }
}

/** Nobody else migrates meanwhile: the lock is node-pg-migrate's own, so that its other users keep out, too. */
async function locked<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1) AS mine", [
    String(PG_MIGRATE_LOCK_ID),
  ]);
  if (rows[0]?.mine !== true)
    throw new OperationError(
      "Another migration of this database is running. Wait until it has ended, then resume.",
    );
  return work();
}

function pendingOf(files: readonly MigrationFile[], applied: readonly { name: string }[]): MigrationFile[] {
  const names = new Set(applied.map(({ name }) => name));
  return files.filter(({ name }) => !names.has(name));
}

const list = (migrations: readonly { name: string }[]): string =>
  migrations.map(({ name }) => name).join(", ");
