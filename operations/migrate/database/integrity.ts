import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { historyProblems, HISTORY, readHistory, RUNS } from "./history.ts";
import type { MigrationFile } from "./files.ts";

/** What a database is like, as far as a migration could spoil it. */
export interface Baseline {
  /** By `schema.table`; null where counting would take too long. */
  rows: Readonly<Record<string, number | null>>;
  /** Versions by name. */
  extensions: Readonly<Record<string, string>>;
  /** `schema.index` whose building was never finished. */
  invalidIndexes: readonly string[];
  /** `schema.table.constraint` that old rows were never checked against. */
  unvalidatedConstraints: readonly string[];
}

/** What was looked at, and what is wrong. */
export interface Verdict {
  problems: readonly string[];
  /** Each a sentence about what is in order, or was so before. */
  notes: readonly string[];
}

/** More rows, by the planner's estimate, are not counted. */
const COUNTED_ROWS = 10_000_000;

/** The service goes on writing while it is migrated: fewer rows than this share of before are a loss. */
const KEPT_SHARE = 0.99;

const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'`;

/** Looks at the database as it is. */
export async function takeBaseline(client: pg.Client): Promise<Baseline> {
  const names = async (sql: string): Promise<string[]> =>
    (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const extensions = await client.query<{ name: string; version: string }>(
    "SELECT extname AS name, extversion AS version FROM pg_extension ORDER BY 1",
  );
  return {
    rows: await countRows(client),
    extensions: Object.fromEntries(extensions.rows.map(({ name, version }) => [name, version])),
    invalidIndexes: await names(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT (i.indisvalid AND i.indisready) AND ${OURS} ORDER BY 1`,
    ),
    unvalidatedConstraints: await names(
      `SELECT n.nspname || '.' || c.relname || '.' || k.conname AS name FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT k.convalidated AND ${OURS} ORDER BY 1`,
    ),
  };
}

async function countRows(client: pg.Client): Promise<Record<string, number | null>> {
  const tables = await client.query<{ schema: string; name: string; estimate: number }>(
    `SELECT n.nspname AS schema, c.relname AS name, c.reltuples AS estimate
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND ${OURS}
        AND c.relname NOT IN ('${HISTORY}', '${RUNS}') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2`,
  );
  const counts: Record<string, number | null> = {};
  for (const { schema, name, estimate } of tables.rows) {
    const key = `${schema}.${name}`;
    if (estimate > COUNTED_ROWS) counts[key] = null;
    else {
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
      counts[key] = Number(rows[0]?.count);
    }
  }
  return counts;
}

/**
 * Holds the database against what it was before.
 *
 * @param allowLoss tables, by `schema.table`, that were meant to lose rows or go
 */
export function compare(before: Baseline, now: Baseline, allowLoss: readonly string[]): Verdict {
  const lost = Object.entries(before.rows).flatMap(([table, count]) => {
    const left = now.rows[table];
    if (count === null || left === null || allowLoss.includes(table)) return [];
    if (left === undefined) return [`${table} is gone, with ${count} rows`];
    return left < Math.floor(count * KEPT_SHARE) ? [`${table} has ${left} rows, before it had ${count}`] : [];
  });
  const fresh = (is: readonly string[], was: readonly string[]): string[] =>
    is.filter((name) => !was.includes(name));
  const missing = Object.entries(before.extensions).flatMap(([name, version]) => {
    const found = now.extensions[name];
    if (found === undefined) return [`the extension ${name} ${version} is gone`];
    return older(found, version) ? [`the extension ${name} is ${found}, before it was ${version}`] : [];
  });
  const counted = Object.values(now.rows).filter((count) => count !== null).length;
  const old = [
    ...before.invalidIndexes.filter((name) => now.invalidIndexes.includes(name)),
    ...before.unvalidatedConstraints.filter((name) => now.unvalidatedConstraints.includes(name)),
  ];
  return {
    problems: [
      ...lost.map((text) => `${text}. If that was meant: --allow-loss ${text.split(" ")[0] ?? ""}`),
      ...fresh(now.invalidIndexes, before.invalidIndexes).map(
        (name) => `the index ${name} is invalid: drop it and build it again`,
      ),
      ...fresh(now.unvalidatedConstraints, before.unvalidatedConstraints).map(
        (name) =>
          `the constraint ${name} is not validated: ALTER TABLE ... VALIDATE CONSTRAINT in a migration`,
      ),
      ...missing,
    ],
    notes: [
      `${counted} tables counted`,
      ...(Object.keys(now.rows).length > counted
        ? [`${Object.keys(now.rows).length - counted} with more than ${COUNTED_ROWS} rows not counted`]
        : []),
      ...(old.length > 0 ? [`invalid already before: ${old.join(", ")}`] : []),
    ],
  };
}

function older(one: string, other: string): boolean {
  return one.localeCompare(other, "en", { numeric: true }) < 0;
}

/** The whole verification after a run: history, baseline, and the project's own queries. */
export async function verifyIntegrity(
  client: pg.Client,
  { folder, files, before, allowLoss }: VerifyOptions,
): Promise<Verdict> {
  const applied = await readHistory(client);
  const names = applied.map(({ name }) => name);
  const pending = files
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => `${name} is not applied`);
  const compared = compare(before, await takeBaseline(client), allowLoss);
  const hooks = await runHooks(client, folder);
  return {
    problems: [...historyProblems(files, applied), ...pending, ...compared.problems, ...hooks.problems],
    notes: [...compared.notes, ...hooks.notes],
  };
}

/** What {@link verifyIntegrity} needs. */
export interface VerifyOptions {
  folder: string;
  files: readonly MigrationFile[];
  before: Baseline;
  allowLoss: readonly string[];
}

/** Rows of a hook that are shown. */
const SHOWN_ROWS = 5;

/**
 * The project's own checks: each file of the folder `verify` beside the migrations is one query, and each row that it returns is
 * a problem. It can only read.
 */
async function runHooks(client: pg.Client, folder: string): Promise<Verdict> {
  const hooks = (await readdir(join(folder, "verify")).catch(() => []))
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const problems: string[] = [];
  for (const hook of hooks) {
    await client.query("BEGIN READ ONLY");
    try {
      const { rows } = await client.query<Record<string, unknown>>(
        await readFile(join(folder, "verify", hook), "utf8"),
      );
      const shown = rows.slice(0, SHOWN_ROWS).map((row) => Object.values(row).join(", "));
      const rest = rows.length - shown.length;
      if (rows.length > 0)
        problems.push(`verify/${hook} found: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`);
    } catch (error) {
      problems.push(`verify/${hook} failed: ${(error as Error).message}`);
    } finally {
      await client.query("ROLLBACK");
    }
  }
  return { problems, notes: hooks.length > 0 ? [`${hooks.length} own queries of verify/`] : [] };
}
