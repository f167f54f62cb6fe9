import { randomBytes } from "node:crypto";
import pg from "pg";
import { alternating } from "../../../rotation/database/alternating.ts";
import { type Connector, connector, type Login } from "../../../rotation/database/connection.ts";
import type { DatabaseSecret } from "../../../rotation/database/secret.ts";
import { singleUser } from "../../../rotation/database/single-user.ts";
import { deadline } from "../../../rotation/deadline.ts";
import { newPassword } from "../../../rotation/passwords.ts";
import { rotate, type Strategy } from "../../../rotation/protocol.ts";
import { secretStore, type Store } from "../../../rotation/store.ts";
import { type PostgresServer, startPostgres } from "../servers/postgres.ts";
import { type SecretsManager, startSecretsManager } from "../servers/secrets-manager.ts";
import { steps } from "../steps.ts";

/** Which users take part. */
export type Users = "alternating" | "single";

/** A database, a secret of it, and what rotates it; users of its own, so that tests share a server. */
export interface Subject {
  secretId: string;
  /** The logins, the current one first. */
  logins: readonly string[];
  owner: string;
}

/** Milliseconds that Lambda would give: more than any test takes. */
const TIME_MS = 60_000;

/** Real servers, and rotations against them. */
export class World {
  readonly postgres: PostgresServer;
  readonly secrets: SecretsManager;
  readonly #master = { username: "master", password: "master password" };

  private constructor(postgres: PostgresServer, secrets: SecretsManager) {
    this.postgres = postgres;
    this.secrets = secrets;
  }

  static async start(binaries?: Parameters<typeof startPostgres>[0]): Promise<World> {
    const postgres = await startPostgres(binaries);
    const secrets = await startSecretsManager().catch(async (error: unknown) => {
      await postgres.stop();
      throw error;
    });
    const world = new World(postgres, secrets);
    // As RDS's master user: it may create roles, and is no superuser.
    await world.sql(`CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD 'master password'`);
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.secrets.stop()]);
  }

  /** As the superuser. */
  async sql(text: string, login: Partial<Login> = {}): Promise<Record<string, unknown>[]> {
    const { username, ...rest } = { ...this.login(this.postgres.superuser), ...login };
    const client = new pg.Client({ ...rest, user: username, ssl: { ca: this.postgres.ca } });
    await client.connect();
    try {
      const result = (await client.query<Record<string, unknown>>(text)) as
        pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
      return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
    } finally {
      await client.end();
    }
  }

  login(who: { username: string; password: string }): Login {
    return { ...who, host: this.postgres.host, port: this.postgres.port, database: "postgres" };
  }

  /** Makes users and a secret. `base` is the name's beginning. */
  async subject(users: Users, { base = "app", password = newPassword() } = {}): Promise<Subject> {
    const name = `${base}${randomBytes(4).toString("hex")}`;
    const logins = users === "alternating" ? [`${name}_a`, `${name}_b`] : [name];
    const owner = `${name}_owner`;
    const [id, all] = [pg.escapeIdentifier, logins];
    await this.sql(
      [
        `CREATE ROLE ${id(owner)} NOLOGIN`,
        `GRANT CREATE, USAGE ON SCHEMA public TO ${id(owner)}`,
        ...all.flatMap((login) => [
          `CREATE ROLE ${id(login)} LOGIN IN ROLE ${id(owner)}`,
          `ALTER ROLE ${id(login)} SET role = ${id(owner)}`,
        ]),
        `ALTER ROLE ${id(logins[0] ?? "")} PASSWORD ${pg.escapeLiteral(password)}`,
      ].join(";"),
    );
    const secretId = await this.secrets.create(this.value(logins[0] ?? "", password));
    return { secretId, logins, owner };
  }

  /** A secret's value as the program writes it. */
  value(username: string, password: string): Record<string, string> {
    const { host, port } = this.postgres;
    const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
    return {
      RELATIONAL_DATABASE_URL: `postgresql://${login}@proxy.example:${port}/postgres?sslmode=verify-full`,
      DB_USERNAME: username,
      DB_PASSWORD: password,
      username,
      password,
      engine: "postgres",
      host,
      port: String(port),
      dbname: "postgres",
    };
  }

  connector(remainingMs = TIME_MS): Connector {
    return connector(deadline(remainingMs), this.postgres.ca);
  }

  store(secretId: string, remainingMs = TIME_MS): Store {
    return secretStore(secretId, deadline(remainingMs), this.secrets.client);
  }

  strategy(users: Users, connect = this.connector()): Strategy<DatabaseSecret> {
    return users === "single"
      ? singleUser(connect, "verifier")
      : alternating(connect, () => Promise.resolve(this.#master), "verifier");
  }

  /** One step, by a function that has just started. */
  async step(
    { secretId }: Subject,
    token: string,
    step: string,
    strategy: Strategy<DatabaseSecret>,
    store = this.store(secretId),
  ): Promise<string> {
    return rotate({ SecretId: secretId, ClientRequestToken: token, Step: step }, store, strategy);
  }

  /** A whole rotation, as Secrets Manager drives it. */
  async rotate(subject: Subject, users: Users, token = this.secrets.begin(subject.secretId)): Promise<void> {
    for (const step of steps) await this.step(subject, token, step, this.strategy(users));
  }

  /** The login of a version of the secret. */
  async loginOf({ secretId }: Subject, stage = "AWSCURRENT"): Promise<Login> {
    const text = await this.secrets.value(secretId, stage);
    if (text === undefined) throw new Error(`There is no ${stage}.`);
    const { username, password } = JSON.parse(text) as Record<"username" | "password", string>;
    return this.login({ username, password });
  }
}
