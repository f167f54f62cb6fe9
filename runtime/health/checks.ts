import type { Cognito, Config } from "../config.ts";
import type { Secrets } from "../secrets.ts";
import { type Check, CodedError } from "./health.ts";

/** What is asked of a pool: `createPool`'s, or any of `pg`. */
export interface Queryable {
  query: (query: { text: string; query_timeout: number }) => Promise<unknown>;
}

/** What is asked of a client of the package `redis`. */
export interface Pingable {
  readonly isReady: boolean;
  ping: () => Promise<unknown>;
}

const TIMEOUT_MS = 3_000;

export const databaseCheck = (pool: Queryable): Check => ({
  critical: true,
  timeoutMs: TIMEOUT_MS,
  // The driver's own limit frees the connection of a server that does not answer.
  run: () => pool.query({ text: "SELECT 1", query_timeout: TIMEOUT_MS }),
});

export const redisCheck = (client: Pingable): Check => ({
  critical: true,
  timeoutMs: TIMEOUT_MS,
  run: async () => {
    // A command would wait for the connection, and all that waits be sent at once when it comes back.
    if (!client.isReady) throw new CodedError("NOT_READY");
    await client.ping();
  },
});

/** Whether Cognito serves the pool's public keys, without which no token can be checked. Needs no permission. */
export const cognitoCheck = (
  { region, userPoolId }: Pick<Cognito, "region" | "userPoolId">,
  endpoint = `https://cognito-idp.${region}.amazonaws.com`,
): Check => ({
  critical: true,
  intervalMs: 30_000,
  run: async (signal) => {
    expectOk(await get(`${endpoint}/${userPoolId}/.well-known/jwks.json`, {}, signal));
  },
});

/** Whether OpenAI takes the key, by a request that costs nothing. The service does much without it. */
export const openaiCheck = (secrets: Secrets, endpoint = "https://api.openai.com"): Check => ({
  critical: false,
  intervalMs: 60_000,
  timeoutMs: 5_000,
  run: async (signal) => {
    await secrets.use("external-services", isUnauthorized, async ({ fields }) => {
      const headers = { authorization: `Bearer ${String(fields["OPENAI_API_KEY"])}` };
      expectOk(await get(`${endpoint}/v1/models`, headers, signal));
    });
  },
});

/** The document's four checks; on a developer's machine without those services that are not configured. */
export function standardChecks(
  config: Pick<Config, "cognito" | "openaiApiKey" | "secrets">,
  { pool, redis }: { pool: Queryable; redis: Pingable },
): Record<string, Check> {
  return {
    database: databaseCheck(pool),
    redis: redisCheck(redis),
    ...(config.cognito && { cognito: cognitoCheck(config.cognito) }),
    ...(config.openaiApiKey !== undefined && { openai: openaiCheck(config.secrets) }),
  };
}

async function get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { headers, signal, redirect: "error" }).catch((error: unknown) => {
    // fetch hides what happened in its cause.
    const { code } = ((error as { cause?: unknown }).cause ?? {}) as { code?: unknown };
    throw new CodedError(String(code));
  });
  await response.body?.cancel();
  return response;
}

function expectOk({ ok, status }: Response): void {
  if (!ok) throw new CodedError(`HTTP_${status}`);
}

const isUnauthorized = (error: unknown): boolean => (error as { code?: unknown }).code === "HTTP_401";
