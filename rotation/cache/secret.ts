import { jsonObject, wrongShape } from "../json.ts";

/** How a cache is reached, as a secret holds it. */
export interface CacheSecret {
  token: string;
  host: string;
  port: number;
  /** The whole value. */
  fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads a secret with `REDIS_URL`: `rediss://:token@host:port`.
 *
 * @throws RotationError "wrong-shape"
 */
export function parseCacheSecret(text: string): CacheSecret {
  const fields = jsonObject(text);
  const url = typeof fields["REDIS_URL"] === "string" ? URL.parse(fields["REDIS_URL"]) : null;
  if (url?.protocol !== "rediss:") throw wrongShape("REDIS_URL is no URL that begins with rediss://");
  if (url.password === "") throw wrongShape("REDIS_URL has no password");
  return {
    token: decodeURIComponent(url.password),
    host: url.hostname,
    port: Number(url.port || 6379),
    fields,
  };
}

/** The same with another token. */
export function withToken(secret: CacheSecret, token: string): CacheSecret {
  const url = new URL(secret.fields["REDIS_URL"] as string);
  url.password = encodeURIComponent(token);
  return { ...secret, token, fields: { ...secret.fields, REDIS_URL: url.href } };
}
