import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { callLimits } from "../store.ts";

/** ElastiCache's side of one cache. */
export interface ReplicationGroup {
  /** Waits until no change is under way. */
  available: () => Promise<void>;
  /** Lets the cache take this token beside the last one. "busy": another change came first; "refused": not this one. */
  addToken: (token: string) => Promise<"begun" | "busy" | "refused">;
}

/** Loaded with its first call: neither the function's start nor the steps that need Secrets Manager alone wait for it. */
const sdk = () => import("@aws-sdk/client-elasticache");

let shared: ElastiCacheClient | undefined;

/** One for all calls of the function, so that its connection and its credentials outlive one. */
async function sharedClient(): Promise<ElastiCacheClient> {
  const { ElastiCacheClient } = await sdk();
  return (shared ??= new ElastiCacheClient(callLimits));
}

/** The errors of ModifyReplicationGroup that are answers. */
const refusals: Readonly<Record<string, "busy" | "refused">> = {
  InvalidReplicationGroupStateFault: "busy",
  InvalidParameterValueException: "refused",
  InvalidParameterCombinationException: "refused",
};

/** @param pollMs between two looks at a change under way */
export function replicationGroup(
  id: string,
  { signal }: Deadline,
  { connect = sharedClient, pollMs = 5_000 } = {},
): ReplicationGroup {
  const options = { abortSignal: signal };
  return {
    available: async () => {
      const [client, { DescribeReplicationGroupsCommand }] = await Promise.all([connect(), sdk()]);
      for (;;) {
        const found = await client.send(
          new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }),
          options,
        );
        const status = found.ReplicationGroups?.[0]?.Status;
        if (status === "available") return;
        if (status !== "modifying" && status !== "snapshotting") {
          throw new RotationError("failed", `The replication group is ${status ?? "not there"}.`);
        }
        await sleep(pollMs, undefined, { signal });
      }
    },
    addToken: async (AuthToken) => {
      const [client, { ModifyReplicationGroupCommand }] = await Promise.all([connect(), sdk()]);
      const change = new ModifyReplicationGroupCommand({
        ReplicationGroupId: id,
        AuthToken,
        // Of the tokens before, the last stays valid (ElastiCache user guide, "Authenticating with the AUTH command").
        AuthTokenUpdateStrategy: "ROTATE",
        ApplyImmediately: true,
      });
      try {
        await client.send(change, options);
        return "begun";
      } catch (error) {
        const refusal = refusals[(error as Error).name];
        if (refusal) return refusal;
        throw error;
      }
    },
  };
}
