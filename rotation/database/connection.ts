import pg from "pg";
import type { Deadline } from "../deadline.ts";
import { isRejection } from "../errors.ts";
import { databaseFailure } from "./failures.ts";

/** Whom to log in as, and where. */
export interface Login {
  username: string;
  password: string;
  host: string;
  port: number;
  database: string;
}

/** Opens connections to PostgreSQL: over TLS whose certificate was verified, or not at all. */
export interface Connector {
  /** Runs `work` in a session of its own and closes it, also after a failure. */
  session<T>(login: Login, work: (session: Session) => Promise<T>): Promise<T>;
  /** Whether the server takes the password. Whatever else is wrong is an error. */
  accepts(login: Login): Promise<boolean>;
}

/** One connection. */
export interface Session {
  /** @throws RotationError that says what failed, without the statement */
  query(doing: string, sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

const LIMITS_MS = { connect: 5_000, statement: 10_000, lock: 5_000, answer: 500, close: 500 };

/** @param ca trusted authorities in PEM; undefined for those that Node trusts */
export function connector(deadline: Deadline, ca: string | undefined): Connector {
  async function open({ username, ...login }: Login): Promise<pg.Client> {
    const statement = deadline.allow(LIMITS_MS.statement);
    const client = new pg.Client({
      ...login,
      user: username,
      ssl: { rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
      application_name: "macro-ai-rotation",
      connectionTimeoutMillis: deadline.allow(LIMITS_MS.connect),
      // In this order, so that whoever can say the most about a delay is heard first.
      lock_timeout: Math.min(LIMITS_MS.lock, Math.ceil(statement / 2)),
      statement_timeout: statement,
      query_timeout: statement + LIMITS_MS.answer,
    });
    // A connection that breaks while idle fails the next query; without a listener it would end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await close(client);
      throw error;
    }
    return client;
  }

  async function session<T>(login: Login, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await open(login).catch((error: unknown) => {
      throw databaseFailure(error, `Logging in as ${login.username}`);
    });
    try {
      return await work({
        query: async (doing, sql, values) => {
          try {
            return (await client.query<Record<string, unknown>>(sql, values && [...values])).rows;
          } catch (error) {
            throw databaseFailure(error, doing);
          }
        },
      });
    } finally {
      await close(client);
    }
  }

  return {
    session,
    accepts: async (login) => {
      try {
        await session(login, () => Promise.resolve());
        return true;
      } catch (error) {
        if (isRejection(error)) return false;
        throw error;
      }
    },
  };
}

/** A server that does not answer does not hear the farewell either. */
async function close(client: pg.Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), LIMITS_MS.close);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}
