import { RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import type { Previous, Strategy } from "../protocol.ts";
import type { AcceptsToken } from "./connection.ts";
import type { ReplicationGroup } from "./replication-group.ts";
import { type CacheSecret, parseCacheSecret, withToken } from "./secret.ts";

/**
 * ElastiCache's AUTH token: the cache takes the new one beside the last one, until the next rotation, so no client is cut off.
 * A change takes ElastiCache a few minutes; the function waits for it.
 */
export function authToken(group: ReplicationGroup, accepts: AcceptsToken): Strategy<CacheSecret> {
  /**
   * Whether the current token is the last that was added: of two the older goes, and after a rotation that was given up, that is
   * the current one. With an older one beside it that still works there can be no third.
   */
  async function isLast(current: CacheSecret, previous: Previous<CacheSecret> | undefined): Promise<boolean> {
    if (previous?.isOlder !== true) return false;
    const { value } = previous;
    return isSameServer(value, current) && value.token !== current.token && (await accepts(value));
  }

  return {
    parse: parseCacheSecret,
    format: ({ fields }) => JSON.stringify(fields),
    create: (current) => Promise.resolve(withToken(current, newPassword())),
    set: async (pending, current, previous) => {
      if (!isSameServer(pending, current)) throw new RotationError("host-changed", "The versions disagree.");
      for (;;) {
        if ((await accepts(pending)) && (await accepts(current))) return;
        await group.available();
        // A change that was under way may have been this one.
        const [isPending, isCurrent] = [await accepts(pending), await accepts(current)];
        if (isPending && isCurrent) return;
        if (!isPending && !isCurrent) {
          throw new RotationError("credentials-rejected", "The cache does not take the current token.");
        }
        if (!isPending && !(await isLast(current, await previous()))) {
          const renewed = await group.addToken(current.token);
          if (renewed === "busy") continue;
          // Refused, it is taken already. If it was the older one all the same, it is added again after the new one.
          if (renewed === "begun") await group.available();
        }
        const added = await group.addToken(isPending ? current.token : pending.token);
        if (added === "refused") throw new RotationError("failed", "ElastiCache refused a token.");
        if (added === "begun") await group.available();
      }
    },
    test: async (secret) => {
      if (!(await accepts(secret)))
        throw new RotationError("not-working", "The cache does not take the token.");
    },
  };
}

function isSameServer(one: CacheSecret, other: CacheSecret): boolean {
  return one.host === other.host && one.port === other.port;
}
