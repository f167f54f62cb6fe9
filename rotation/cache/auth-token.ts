import { RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import type { Strategy } from "../protocol.ts";
import type { AcceptsToken } from "./connection.ts";
import type { ReplicationGroup } from "./replication-group.ts";
import { type CacheSecret, parseCacheSecret, withToken } from "./secret.ts";

/**
 * ElastiCache's AUTH token: the cache takes the new one beside the last one, until the next rotation, so no client is cut off.
 * A change takes ElastiCache a few minutes; the function waits for it.
 */
export function authToken(group: ReplicationGroup, accepts: AcceptsToken): Strategy<CacheSecret> {
  return {
    parse: parseCacheSecret,
    format: ({ fields }) => JSON.stringify(fields),
    create: (current) => Promise.resolve(withToken(current, newPassword())),
    set: async (pending, current) => {
      if (pending.host !== current.host || pending.port !== current.port) {
        throw new RotationError("host-changed", "The versions disagree.");
      }
      while (!(await accepts(pending))) {
        await group.available();
        // A change that was under way may have been this one.
        if (await accepts(pending)) return;
        if (!(await accepts(current))) {
          throw new RotationError("credentials-rejected", "The cache does not take the current token.");
        }
        if (await group.addToken(pending.token)) await group.available();
      }
    },
    test: async (secret) => {
      if (!(await accepts(secret)))
        throw new RotationError("not-working", "The cache does not take the token.");
    },
  };
}
