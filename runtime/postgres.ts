import type { ConnectionOptions } from "node:tls";
import pg from "pg";
import { isLocal } from "./environments.ts";
import type { Config } from "./config.ts";
import { malformed } from "./secret-failures.ts";
import type { SecretValue } from "./secret-fetching.ts";
import type { Secrets } from "./secrets.ts";
import { type DatabaseLogin, parseDatabaseUrl } from "./urls.ts";

const kind = "database-credentials";

/** invalid_password and invalid_authorization_specification: RDS Proxy gives the second for a user whom it does not know. */
const refusals = new Set(["28P01", "28000"]);
const isRefusal = (error: unknown): boolean => refusals.has(String((error as { code?: unknown }).code));

/** What a pool takes from its user; whom to log in as comes from the secret. */
export type PoolOptions = Omit<
  pg.PoolConfig,
  "user" | "password" | "host" | "port" | "database" | "connectionString" | "ssl" | "Client"
> & {
  /** Authorities to trust, in PEM. @default - those that Node trusts, which sign the certificates of RDS Proxy and Neon */
  ca?: string;
};

type Reader = Pick<Config, "appEnv"> & { readonly secrets: Secrets };
type Callback = Parameters<pg.Pool["connect"]>[0];

/**
 * A `pg.Pool` that logs in as the secret says now. Where the database refuses the login, the secret is read again and the login
 * tried once more: a rotation fails no query. Sessions end after a quarter of an hour, so that nobody stays logged in as
 * before for long. TLS is verified; only on a developer's machine may the URL do without.
 */
export function createPool({ appEnv, secrets }: Reader, { ca, ...options }: PoolOptions = {}): pg.Pool {
  let current: { value: SecretValue; login: DatabaseLogin } | undefined;

  /** Logs in as the secret said when the connection was asked for. */
  class Client extends pg.Client {
    constructor(given: pg.ClientConfig) {
      if (!current) throw new TypeError("A connection was made before the secret was read.");
      const { user, password, host, port, database } = current.login;
      super({ ...given, user, password, host, port, database, ssl: tlsOf(current.login) });
    }
  }

  function tlsOf({ tls }: DatabaseLogin): ConnectionOptions | false {
    if (isLocal(appEnv) && tls !== "verified" && ca === undefined) return false;
    return { rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
  }

  class Pool extends pg.Pool {
    override connect(): Promise<pg.PoolClient>;
    override connect(callback: Callback): void;
    override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
      const client = this.#connectAsNow();
      if (!callback) return client;
      client.then(
        (connected) => callback(undefined, connected, (error?: Error | boolean) => connected.release(error)),
        (error: unknown) => callback(error as Error, undefined, () => undefined),
      );
      return undefined;
    }

    #connectAsNow(): Promise<pg.PoolClient> {
      return secrets.use(kind, isRefusal, (value) => {
        if (current?.value !== value) current = { value, login: loginOf(value) };
        return super.connect();
      });
    }
  }

  const pool = new Pool({
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 900,
    keepAlive: true,
    application_name: "macro-ai-api",
    ...options,
    // pg's types know only a client without arguments.
    Client: Client as unknown as new () => pg.ClientBase,
  });
  // The pool lets go of a connection that breaks while nobody uses it; without a listener it would end the process.
  pool.on("error", () => undefined);
  return pool;
}

/** @throws SecretError */
function loginOf({ fields }: SecretValue): DatabaseLogin {
  const url = fields["RELATIONAL_DATABASE_URL"];
  const login = typeof url === "string" ? parseDatabaseUrl(url) : "is missing";
  if (typeof login === "string") throw malformed(kind, `RELATIONAL_DATABASE_URL ${login}`);
  return login;
}
