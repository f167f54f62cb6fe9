import { jsonObject, wrongShape } from "../json.ts";

/** A login of a PostgreSQL server, as a secret holds it. */
export interface DatabaseSecret {
  username: string;
  password: string;
  /** The server itself: a proxy or pooler in front of it knows only the current password. */
  host: string;
  port: number;
  database: string;
  /** The whole value: the API's variables, those of RDS Proxy and AWS's tools where it has them, and whatever else. */
  fields: Readonly<Record<string, unknown>>;
}

const required = ["RELATIONAL_DATABASE_URL", "DB_USERNAME", "DB_PASSWORD"];

/**
 * Reads a secret with `RELATIONAL_DATABASE_URL`, `DB_USERNAME` and `DB_PASSWORD`, and beside them, or not, `username`,
 * `password`, `engine`, `host`, `port` and `dbname`.
 *
 * @throws RotationError "wrong-shape" with the names of all fields at fault
 */
export function parseDatabaseSecret(text: string): DatabaseSecret {
  const fields = jsonObject(text);
  const missing = required.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw wrongShape(`it lacks ${missing.join(", ")}`);
  const url = URL.parse(fields["RELATIONAL_DATABASE_URL"] as string);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw wrongShape("RELATIONAL_DATABASE_URL is no URL of PostgreSQL");
  const login = {
    username: fields["DB_USERNAME"] as string,
    password: fields["DB_PASSWORD"] as string,
    host: typeof fields["host"] === "string" ? fields["host"] : direct(url.hostname),
    port: Number(fields["port"] ?? (url.port || 5432)),
    database:
      typeof fields["dbname"] === "string" ? fields["dbname"] : decodeURIComponent(url.pathname.slice(1)),
  };
  const different = disagreements(fields, url, login);
  if (different.length > 0)
    throw wrongShape(`${different.join(", ")} differ from DB_USERNAME and DB_PASSWORD`);
  if (!Number.isInteger(login.port)) throw wrongShape("port is no number");
  if (fields["engine"] !== undefined && fields["engine"] !== "postgres")
    throw wrongShape("engine is not postgres");
  return { ...login, fields };
}

/** The same with another login in every field that names it. */
export function withLogin(secret: DatabaseSecret, username: string, password: string): DatabaseSecret {
  const url = new URL(secret.fields["RELATIONAL_DATABASE_URL"] as string);
  // The setters leave some characters be that drivers then take for a delimiter.
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  const known = { username, password };
  return {
    ...secret,
    ...known,
    fields: {
      ...secret.fields,
      RELATIONAL_DATABASE_URL: url.href,
      DB_USERNAME: username,
      DB_PASSWORD: password,
      ...("username" in secret.fields && known),
    },
  };
}

/** Whether both name the same server and database. */
export function sameServer(one: DatabaseSecret, other: DatabaseSecret): boolean {
  return one.host === other.host && one.port === other.port && one.database === other.database;
}

/** Neon's poolers know neither sessions nor locks; without the suffix the name is the server's own. */
function direct(host: string): string {
  return host.endsWith(".neon.tech") ? host.replace(/-pooler(?=\.)/, "") : host;
}

function disagreements(
  fields: Readonly<Record<string, unknown>>,
  url: URL,
  { username, password }: { username: string; password: string },
): string[] {
  const differs = {
    username: fields["username"] !== undefined && fields["username"] !== username,
    password: fields["password"] !== undefined && fields["password"] !== password,
    "the user of RELATIONAL_DATABASE_URL": decoded(url.username) !== username,
    "the password of RELATIONAL_DATABASE_URL": decoded(url.password) !== password,
  };
  return Object.entries(differs).flatMap(([name, is]) => (is ? [name] : []));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
