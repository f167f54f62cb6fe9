/** Whom to log in as, and where. */
export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Whether the URL asks for a connection without TLS, or with one that verifies nothing. */
  readonly tls: "verified" | "unverified" | "unsaid";
}

/** Of `sslmode`, those that verify the server; the others fall back to plain text or take any certificate. */
const verifying = new Set(["require", "verify-ca", "verify-full"]);

/** Parameters by which some clients go elsewhere than the URL says. */
const elsewhere = ["host", "hostaddr", "port", "user", "password", "dbname"];

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=verify-full`.
 *
 * @returns the login, or what is wrong with the URL, without any of it
 */
export function parseDatabaseUrl(text: string): DatabaseLogin | string {
  const url = parseUrl(text, ["postgresql:", "postgres:"]);
  if (typeof url === "string") return url;
  const database = decoded(url.pathname.slice(1));
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (!user) return "has no user";
  if (!password) return "has no password";
  if (!database || database.includes("/")) return "names no database: it must end in /database";
  const { searchParams } = url;
  const again = elsewhere.filter((name) => searchParams.has(name));
  if (again.length > 0)
    return `has ${again.join(", ")} among its parameters; say it before the question mark`;
  const [mode = null, ...more] = searchParams.getAll("sslmode");
  if (more.length > 0) return "says sslmode more than once";
  return {
    user,
    password,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 5432),
    database,
    tls: tlsOf(mode, searchParams.get("ssl")),
  };
}

function tlsOf(mode: string | null, ssl: string | null): DatabaseLogin["tls"] {
  if (ssl !== null && !["true", "1"].includes(ssl)) return "unverified";
  if (mode === null) return "unsaid";
  return verifying.has(mode) ? "verified" : "unverified";
}

/** How a cache is reached. */
export interface CacheLogin {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
}

/**
 * Reads `rediss://user:password@host:port/database`.
 *
 * @returns the login, or what is wrong with the URL, without any of it
 */
export function parseCacheUrl(text: string): CacheLogin | string {
  const url = parseUrl(text, ["rediss:", "redis:"]);
  if (typeof url === "string") return url;
  const database = url.pathname.slice(1);
  if (!/^\d*$/.test(database)) return "must end in a database's number, or in nothing";
  return {
    user: decoded(url.username) || undefined,
    password: decoded(url.password) || undefined,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 6379),
    database: Number(database),
    tls: url.protocol === "rediss:",
  };
}

/** The first `@`, `/`, `?` or `#` of a password ends it for a parser, which then takes the rest for a host. */
function parseUrl(text: string, protocols: readonly string[]): URL | string {
  const scheme = protocols[0]?.replace(":", "") ?? "";
  if (!protocols.some((protocol) => text.startsWith(`${protocol}//`))) {
    return `must begin with ${scheme}://`;
  }
  const authority = text.slice(text.indexOf("//") + 2).split(/[/?#]/)[0] ?? "";
  const url = URL.parse(text);
  const isWellFormed =
    url !== null &&
    url.hostname !== "" &&
    url.hash === "" &&
    !/\s/.test(text) &&
    authority.split("@").length <= 2 &&
    !url.pathname.includes("@") &&
    !url.search.includes("@") &&
    [url.username, url.password].every((part) => decoded(part) !== undefined);
  return isWellFormed
    ? url
    : "is no valid URL; user and password must be percent-encoded (encodeURIComponent) where they hold any of / @ : % # ?";
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
