import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { buildTask } from "../../operations/migrate/build.ts";
import { moto } from "../rotation/servers/moto.ts";
import { dumpingBinaries } from "../rotation/servers/postgres-binaries.ts";
import { type PostgresServer, startPostgres } from "../rotation/servers/postgres.ts";
import { stopServer } from "../rotation/servers/programs.ts";

/** What the scenarios of a file share: a PostgreSQL, a moto, and the bundle of the one-off task. */
export interface Servers {
  postgres: PostgresServer;
  motoPort: number;
  bundle: string;
  /** Where the commands keep what they compiled. */
  cache: string;
  /** Runs statements as the superuser, in one of the databases. */
  sql(text: string, database?: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-operations-"));
  const bundle = join(folder, "migrate-task.mjs");
  const [postgres, { child, port }] = await Promise.all([
    startPostgres(dumpingBinaries),
    moto(),
    buildTask(bundle),
  ]);
  return {
    postgres,
    motoPort: port,
    bundle,
    cache: join(folder, "compiled"),
    sql: async (text, database = "postgres") => {
      const { host, port: at, ca, superuser } = postgres;
      const login = { user: superuser.username, password: superuser.password };
      const client = new pg.Client({ host, port: at, database, ssl: { ca }, ...login });
      await client.connect();
      try {
        const result = (await client.query<Record<string, unknown>>(text)) as
          pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
        return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
      } finally {
        await client.end();
      }
    },
    stop: () => stopAll(postgres, child, folder),
  };
}

async function stopAll(postgres: PostgresServer, child: ChildProcess, folder: string): Promise<void> {
  await Promise.all([postgres.stop(), stopServer(child)]);
  await rm(folder, { recursive: true, force: true });
}
