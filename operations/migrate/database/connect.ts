import { getCACertificates } from "node:tls";
import pg from "pg";
import { rdsAuthorities } from "../../../rotation/rds-authorities.ts";
import { OperationError } from "../../lib/operation-error.ts";

/** How long a statement of a migration waits for a lock: what stands behind it in the queue waits as long. */
const LOCK_TIMEOUT = "10s";

/** How a session is opened. */
export interface ConnectOptions {
  /** A port of this machine that leads there; the certificate is still that of the URL's host. @default - none */
  via?: number | undefined;
  /** What the server calls the session. @default "macro-ai-migrate" */
  application?: string;
}

/**
 * Opens a session by a PostgreSQL URL: over TLS whose certificate is verified, whatever its `sslmode` says. Neon's pooler shares
 * sessions between clients, which would share the lock: its host is left for the database's own.
 *
 * @throws OperationError that names host and user, never the password
 */
export async function connect(
  text: string,
  { via, application = "macro-ai-migrate" }: ConnectOptions = {},
): Promise<pg.Client> {
  const url = parse(text);
  const host = url.hostname.replace(/-pooler(?=\.)/, "");
  const client = new pg.Client({
    host: via === undefined ? host : "127.0.0.1",
    port: via ?? Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: {
      rejectUnauthorized: true,
      servername: host,
      ca: [...getCACertificates("default"), rdsAuthorities()],
    },
    application_name: application,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  });
  // A connection that breaks while idle fails the next query; without a listener it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    // Not as the session's parameters: RDS Proxy refuses those. The last one ends the session of a client that was killed.
    await client.query(
      `SET lock_timeout = '${LOCK_TIMEOUT}'; SET statement_timeout = 0; SET client_connection_check_interval = '5s'`,
    );
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw new OperationError(
      `PostgreSQL at ${host}:${url.port || "5432"} did not let ${decodeURIComponent(url.username)} in: ${(error as Error).message}`,
    );
  }
}

function parse(text: string): URL {
  try {
    const url = new URL(text);
    if (/^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return url;
  } catch {
    // The message would show the password.
  }
  throw new OperationError(
    "The database's URL is none: postgresql://user:password@host/database, with %-escapes where user or password has special characters.",
  );
}
