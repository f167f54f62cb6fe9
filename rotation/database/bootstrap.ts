import pg from "pg";
import { RotationError } from "../errors.ts";
import { alternate } from "./alternating.ts";
import type { Connector, Login, Session } from "./connection.ts";
import { lock } from "./lock.ts";
import { setPassword, type PasswordForm } from "./password.ts";
import type { DatabaseSecret } from "./secret.ts";

/** Raised with every change of the statements below, so that the next deployment runs them. */
export const BOOTSTRAP_VERSION = 1;

/** Owns what the application makes, whichever of its two logins made it. */
export const OWNER = "app_owner";

/** The login that an application begins with where no secret names one. */
const FIRST_LOGIN = "app_a";

/** What {@link bootstrap} found and made. */
export interface BootstrapResult {
  version: number;
  /** Of the extension pgvector. */
  vectorVersion: string;
  logins: readonly string[];
}

/**
 * Prepares an empty or a used database for the application: pgvector, the role that owns everything, its two logins, and their
 * rights. Every statement may be run again; all of them are one transaction, so a failure leaves nothing half-made.
 * Last, the secret's current login is given its password if it cannot log in.
 *
 * @param master a login that may create roles: RDS's master user
 * @param current the secret's AWSCURRENT; undefined while that names another server, whose password is no business of this one
 * @throws RotationError
 */
export async function bootstrap(
  connector: Connector,
  master: Login,
  current: DatabaseSecret | undefined,
  form: PasswordForm,
): Promise<BootstrapResult> {
  const login = current?.username ?? FIRST_LOGIN;
  const logins = [login, alternate(login)].sort();
  return connector.session(master, async (session) => {
    await refuseOlder(session);
    await lock(session, "Waiting for another bootstrap", "macro-ai bootstrap");
    await session.query("Beginning", "BEGIN");
    for (const [doing, sql] of statements(master.database, logins)) await session.query(doing, sql);
    const [extension] = await session.query(
      "Reading the version of pgvector",
      "SELECT extversion FROM pg_extension WHERE extname = 'vector'",
    );
    await session.query("Committing", "COMMIT");
    if (current && !(await connector.accepts(current))) await setPassword(connector, session, current, form);
    return { version: BOOTSTRAP_VERSION, vectorVersion: String(extension?.["extversion"]), logins };
  });
}

/** By what they do, in the order of their needs. */
function statements(database: string, logins: readonly string[]): [string, string][] {
  const owner = pg.escapeIdentifier(OWNER);
  const users = logins.map((login) => pg.escapeIdentifier(login));
  return [
    ["Creating the extension vector", "CREATE EXTENSION IF NOT EXISTS vector"],
    [`Creating the role ${OWNER}`, createRole(OWNER, "NOLOGIN")],
    // Only a member of a role may give it something to own.
    [`Joining ${OWNER}`, `GRANT ${owner} TO CURRENT_USER`],
    ...logins.flatMap((login, index): [string, string][] => {
      const user = users[index] ?? "";
      return [
        [`Creating the login ${login}`, createRole(login, "LOGIN")],
        [`Letting ${login} act as ${OWNER}`, `GRANT ${owner} TO ${user}`],
        // In this database only: elsewhere the role has no business.
        [
          `Making ${login} act as ${OWNER}`,
          `ALTER ROLE ${user} IN DATABASE ${pg.escapeIdentifier(database)} SET role = ${owner}`,
        ],
      ];
    }),
    ["Closing the database to others", `REVOKE ALL ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC`],
    [
      "Opening the database to the application",
      `GRANT CONNECT, TEMPORARY ON DATABASE ${pg.escapeIdentifier(database)} TO ${[owner, ...users].join(", ")}`,
    ],
    // Before PostgreSQL 15 everybody might create in it.
    ["Closing the schema public to others", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"],
    ["Opening the schema public", `GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`],
    ...["TABLES", "SEQUENCES", "FUNCTIONS"].map((kind): [string, string] => [
      `Opening what the master user makes later: ${kind.toLowerCase()}`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON ${kind} TO ${owner}`,
    ]),
    ["Noting the version", `COMMENT ON ROLE ${owner} IS ${pg.escapeLiteral(note(BOOTSTRAP_VERSION))}`],
  ];
}

/** `CREATE ROLE` knows no `IF NOT EXISTS`; an existing one is brought to the same attributes. */
function createRole(name: string, attributes: string): string {
  const literal = pg.escapeLiteral(name);
  const identifier = pg.escapeLiteral(pg.escapeIdentifier(name));
  return `DO $bootstrap$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal}) THEN
      EXECUTE 'ALTER ROLE ' || ${identifier} || ' ${attributes}';
    ELSE
      EXECUTE 'CREATE ROLE ' || ${identifier} || ' ${attributes}';
    END IF;
  END $bootstrap$`;
}

const note = (version: number | string): string => `Owns what the application makes (bootstrap ${version})`;

/** An older program must not take back what a newer one has prepared. */
async function refuseOlder(session: Session): Promise<void> {
  const [row] = await session.query(
    "Reading the version of the last bootstrap",
    "SELECT shobj_description(oid, 'pg_authid') AS note FROM pg_roles WHERE rolname = $1",
    [OWNER],
  );
  const text = typeof row?.["note"] === "string" ? row["note"] : "";
  const found = Number(/\(bootstrap (\d+)\)/.exec(text)?.[1] ?? 0);
  if (found > BOOTSTRAP_VERSION) {
    throw new RotationError(
      "failed",
      `The database was prepared by a newer program (bootstrap ${found}; this one knows ${BOOTSTRAP_VERSION}). Deploy that one, or a newer.`,
    );
  }
}
