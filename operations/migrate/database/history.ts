import type pg from "pg";
import type { Baseline } from "./integrity.ts";
import type { MigrationFile } from "./files.ts";

/** node-pg-migrate's own table, and beside it what it does not keep. */
export const HISTORY = "pgmigrations";
export const RUNS = "pgmigrations_runs";

/** A migration that the database has. */
export interface Applied {
  name: string;
  /** Of the file it was made from. Undefined where it came by other means. */
  sha256: string | undefined;
}

/** One run of the command, as the database knows it: what it was to apply, and what there was before. */
export interface RunRecord {
  migrations: readonly Pick<MigrationFile, "name" | "sha256">[];
  baseline: Baseline;
}

/** Whether the database has ever been migrated. */
async function exists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
    table,
  ]);
  return rows[0]?.found === true;
}

/** What has been applied, in that order. */
export async function readHistory(client: pg.Client): Promise<Applied[]> {
  if (!(await exists(client, HISTORY))) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${HISTORY} ORDER BY run_on, id`);
  const known = new Map<string, string>();
  if (await exists(client, RUNS)) {
    const runs = await client.query<Pick<RunRecord, "migrations">>(
      `SELECT migrations FROM ${RUNS} ORDER BY started_at`,
    );
    for (const { name, sha256 } of runs.rows.flatMap(({ migrations }) => migrations)) known.set(name, sha256);
  }
  return rows.map(({ name }) => ({ name, sha256: known.get(name) }));
}

/** Why these files must not be applied to this history: each a sentence. */
export function historyProblems(files: readonly MigrationFile[], applied: readonly Applied[]): string[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const last = applied.at(-1)?.name ?? "";
  const names = new Set(applied.map(({ name }) => name));
  return [
    ...applied.flatMap(({ name, sha256 }) => {
      const file = byName.get(name);
      if (!file)
        return [
          `${name} was applied, but is not among the files: they are older than the database, or it was deleted. Use the image that has it.`,
        ];
      return sha256 === undefined || sha256 === file.sha256
        ? []
        : [`${name} was changed after it had been applied. Put it back and write a new migration.`];
    }),
    ...files
      .filter(({ name }) => !names.has(name) && name < last)
      .map(
        ({ name }) => `${name} was not applied, but comes before ${last}, which was. Give it a newer number.`,
      ),
  ];
}

/** Notes before a run's migrations what they are and what there is. */
export async function recordRun(client: pg.Client, run: string, record: RunRecord): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${RUNS} (id text PRIMARY KEY, started_at timestamptz NOT NULL DEFAULT now(),
      migrations jsonb NOT NULL, baseline jsonb NOT NULL)`,
  );
  await client.query(
    `INSERT INTO ${RUNS} (id, migrations, baseline) VALUES ($1, $2, $3)
      ON CONFLICT (id) DO UPDATE SET started_at = now(), migrations = $2, baseline = $3`,
    [run, JSON.stringify(record.migrations), JSON.stringify(record.baseline)],
  );
}

/** What {@link recordRun} noted; undefined when the run never came so far. */
export async function readRun(client: pg.Client, run: string): Promise<RunRecord | undefined> {
  if (!(await exists(client, RUNS))) return undefined;
  const { rows } = await client.query<RunRecord>(`SELECT migrations, baseline FROM ${RUNS} WHERE id = $1`, [
    run,
  ]);
  return rows[0];
}
