import { createClient, type RedisClientType } from "redis";
import type { Config } from "./config.ts";
import { isLocal } from "./environments.ts";
import { malformed } from "./secret-failures.ts";
import type { SecretValue } from "./secret-fetching.ts";
import type { Secrets } from "./secrets.ts";
import { type CacheLogin, parseCacheUrl } from "./urls.ts";

const kind = "cache-credentials";

/** What a client takes from its user; whom to log in as comes from the secret. */
export interface RedisOptions {
  /** Authorities to trust, in PEM. @default - those that Node trusts, which sign ElastiCache's and Upstash's certificates */
  ca?: string;
  /** What one attempt to connect may take, in milliseconds. @default - 5000 */
  connectTimeoutMs?: number;
  /** Told of every connection that fails or breaks, by code. @default - console.warn */
  onError?: (code: string) => void;
}

/** A client of the package `redis`. */
export type Redis = RedisClientType;

type Reader = Pick<Config, "appEnv"> & { readonly secrets: Secrets };

/** Logins that are refused at the start, with a secret just read again, before `connect` gives up. */
const FIRST_LOGINS = 3;

/**
 * A client that logs in as the secret says at that moment, each time that it connects; `connect` is left to the caller. The
 * secret is read again for a connection that is made again, and where the cache refuses the first login. A connection that breaks is made again; commands wait for it meanwhile.
 * TLS is verified; only on a developer's machine may the URL do without.
 */
export async function createRedis(
  { appEnv, secrets }: Reader,
  { ca, connectTimeoutMs = 5_000, onError = (code) => console.warn(`redis: ${code}`) }: RedisOptions = {},
): Promise<Redis> {
  let used = await secrets.read(kind);
  let isRefused = false;
  let refusals = 0;
  let wasReady = false;
  // Where the cache is does not change with a rotation.
  const { host, port, database, tls } = loginOf(used);
  const verified = tls || !isLocal(appEnv);
  const client: Redis = createClient({
    database,
    credentialsProvider: {
      type: "async-credentials-provider",
      credentials: async () => {
        // The package sends waiting commands right behind the login: a token that is refused would fail them all. So
        // whoever has to log in again never tries an old one.
        used = await (isRefused || wasReady ? secrets.renew(kind, used) : secrets.read(kind));
        isRefused = false;
        const { user, password } = loginOf(used);
        return { ...(user !== undefined && { username: user }), ...(password !== undefined && { password }) };
      },
    },
    socket: {
      host,
      port,
      connectTimeout: connectTimeoutMs,
      ...(verified && {
        tls: true as const,
        servername: host,
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca }),
      }),
      reconnectStrategy: (attempts, cause) => {
        isRefused = isRefusal(cause);
        if (isRefused) refusals += 1;
        if (!wasReady && refusals >= FIRST_LOGINS) return new Error("The cache refuses the secret's login.");
        return Math.min(50 * 2 ** Math.min(attempts, 10), 2_000) + Math.random() * 50;
      },
    },
  });
  client.on("ready", () => (wasReady = true));
  // Without a listener an error would end the process. The text of a server's error may hold what was sent.
  client.on("error", (error: unknown) => onError(codeOf(error)));
  return client;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /^(?:WRONGPASS|NOAUTH)\b|invalid password/i.test(error.message);

function codeOf(error: unknown): string {
  const { code, message, name } = error as { code?: unknown; message?: string; name?: string };
  return typeof code === "string" ? code : (/^[A-Z]{3,}\b/.exec(message ?? "")?.[0] ?? name ?? "Error");
}

/** @throws SecretError */
function loginOf({ fields }: SecretValue): CacheLogin {
  const url = fields["REDIS_URL"];
  const login = typeof url === "string" ? parseCacheUrl(url) : "is missing";
  if (typeof login === "string") throw malformed(kind, `REDIS_URL ${login}`);
  return login;
}
