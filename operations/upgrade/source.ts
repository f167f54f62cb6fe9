import pg from "pg";
import { OperationError } from "../lib/operation-error.ts";

/** What must be known of a database before it is moved. */
export interface SourceFacts {
  host: string;
  /** Of PostgreSQL: 15. */
  major: number;
  bytes: number;
  tables: number;
  /** Whether it takes no writes. */
  frozen: boolean;
  /** Extensions that the new database does not make by itself. */
  foreignExtensions: readonly string[];
}

/** What every database has, what the new one is given, and what is Neon's own. */
const KNOWN_EXTENSIONS = ["plpgsql", "vector", "neon", "neon_utils"];

export async function factsOf(client: pg.Client): Promise<SourceFacts> {
  const { rows } = await client.query<{
    version: string;
    bytes: string;
    tables: number;
    frozen: boolean;
    extensions: string[];
  }>(
    `SELECT current_setting('server_version_num') AS version, pg_database_size(current_database()) AS bytes,
      (SELECT count(*)::int FROM pg_stat_user_tables) AS tables, ${FROZEN} AS frozen,
      (SELECT array_agg(extname::text ORDER BY 1) FROM pg_extension) AS extensions`,
  );
  const [row] = rows;
  if (!row) throw new OperationError("The database did not say what it is.");
  return {
    host: client.host,
    major: Math.floor(Number(row.version) / 10_000),
    bytes: Number(row.bytes),
    tables: row.tables,
    frozen: row.frozen,
    foreignExtensions: row.extensions.filter((name) => !KNOWN_EXTENSIONS.includes(name)),
  };
}

const FROZEN = `EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
  WHERE d.datname = current_database() AND s.setrole = 0 AND 'default_transaction_read_only=on' = ANY (s.setconfig))`;

/** Why such a database cannot go to a server of `major`. */
export function moveProblems({ major: from, foreignExtensions }: SourceFacts, major: number): string[] {
  return [
    ...(from > major
      ? [
          `it is PostgreSQL ${from}, the new one ${major}: a dump goes only to the same version or a newer one. ` +
            `Set macro-ai:database.engineVersion ${from} first: pulumi config set --path macro-ai:database.engineVersion ${from}`,
        ]
      : []),
    ...(foreignExtensions.length > 0
      ? [
          `it uses ${foreignExtensions.join(", ")}, which the new one does not have: drop them if nothing needs them, ` +
            "or have rotation/database/bootstrap.ts make them",
        ]
      : []),
  ];
}

/**
 * Lets a database be read only, and ends the sessions that began before. The API goes on reading; whoever could set the
 * session writable again is the application itself, which does not.
 */
export async function freeze(client: pg.Client): Promise<string> {
  // This session itself is read only where it is done again.
  await client.query("SET default_transaction_read_only = off");
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  await client.query(
    `ALTER DATABASE ${pg.escapeIdentifier(rows[0]?.name ?? "")} SET default_transaction_read_only = on`,
  );
  const ended = await client.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user AND backend_type = 'client backend'`,
  );
  return `writes are refused; ${ended.rowCount ?? 0} sessions ended`;
}

/** Lets it be written again. */
export async function thaw(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  await client.query("SET default_transaction_read_only = off");
  await client.query(
    `ALTER DATABASE ${pg.escapeIdentifier(rows[0]?.name ?? "")} RESET default_transaction_read_only`,
  );
  return "writes are taken again";
}
