import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";

/** What the alarms need to know of a cache. */
export interface WatchedCache {
  cacheId: pulumi.Input<string>;
  nodes: number;
}

/** The alarms of a replication group: those of each of its nodes, since each may come to write. */
export function cacheAlarms(cache: WatchedCache): AlarmDefinition[] {
  return Array.from({ length: cache.nodes }, (_, index) => index + 1).flatMap((node) =>
    nodeAlarms(cache, node),
  );
}

function nodeAlarms({ cacheId, nodes }: WatchedCache, node: number): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/ElastiCache",
    metricName,
    // ElastiCache names the nodes of a group of one shard in this way.
    dimensions: { CacheClusterId: pulumi.interpolate`${cacheId}-${String(node).padStart(3, "0")}` },
    statistic,
    periodSeconds: 300,
  });
  return [
    {
      name: `cache-cpu-${node}`,
      description: `Node ${node} of the cache has been above 80 % of the one core that its engine uses for 15 minutes. Look in the slow log for KEYS, large ranges or scripts; spread reads over the replicas; else take the next larger nodeType.`,
      metric: metric("EngineCPUUtilization", "Average"),
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: `cache-memory-${node}`,
      description: `Node ${node} of the cache uses more than 80 % of its memory; then it evicts keys that expire, and refuses writes when there are none. Look for keys without an expiry and for large ones; else take the next larger nodeType.`,
      metric: metric("DatabaseMemoryUsagePercentage", "Average"),
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: `cache-evictions-${node}`,
      description: `Node ${node} of the cache evicts keys before they expire: users lose their sessions. Memory is full: see cache-memory-${node}.`,
      metric: metric("Evictions", "Sum"),
      threshold: 100,
      comparison: "above",
      evaluationPeriods: 2,
    },
    {
      name: `cache-logins-${node}`,
      description: `Clients have failed to authenticate at node ${node} of the cache. After a rotation: the running tasks have not read the new token yet. Otherwise something in the network tries tokens: look in the flow logs for who reaches port 6379.`,
      metric: metric("AuthenticationFailures", "Sum"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 1,
    },
    ...(nodes > 1
      ? [
          {
            name: `cache-replication-${node}`,
            description: `As a replica, node ${node} of the cache has been more than 10 s behind for 15 minutes; a failover would lose what is missing. Look for a burst of writes or a busy node (cache-cpu-${node}).`,
            metric: metric("ReplicationLag", "Maximum"),
            threshold: 10,
            comparison: "above" as const,
            evaluationPeriods: 3,
          },
        ]
      : []),
  ];
}
