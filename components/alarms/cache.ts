import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";

/** What the alarms need to know of a cache. */
export interface WatchedCache {
  cacheId: pulumi.Input<string>;
  nodes: number;
}

/** The alarms of a replication group: those of each of its nodes, since each may come to write. */
export function cacheAlarms(cache: WatchedCache): AlarmDefinition[] {
  const numbers = Array.from({ length: cache.nodes }, (_, index) => index + 1);
  return [...failover(cache, numbers), ...numbers.flatMap((node) => nodeAlarms(cache, node))];
}

/** Node events reach topics only, together with every snapshot's; the change of roles is a metric. */
function failover(cache: WatchedCache, [first, ...others]: number[]): AlarmDefinition[] {
  if (first === undefined || others.length === 0) return [];
  const role = (node: number): Metric => ({
    ...metricOf(cache, node)("IsMaster", "Maximum"),
    periodSeconds: 60,
  });
  return [
    {
      name: "cache-failover",
      description:
        "Another node of the cache has become the one that writes: the former failed, or was replaced in maintenance. Connections broke for seconds; check that the service has reconnected, then ask ElastiCache's events for the cause.",
      runbook: "cache#failover",
      metric: role(first),
      math: {
        // A node that has failed is silent; then its successor alone tells.
        expression: ["m", ...others.map((node) => `n${node}`)]
          .map((id) => `ABS(DIFF(FILL(${id}, REPEAT)))`)
          .join(" + "),
        label: "nodes that changed roles",
        others: Object.fromEntries(others.map((node) => [`n${node}`, role(node)])),
      },
      threshold: 0,
      comparison: "above",
      evaluationPeriods: 5,
      datapointsToAlarm: 1,
    },
  ];
}

function metricOf({ cacheId }: WatchedCache, node: number) {
  return (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/ElastiCache",
    metricName,
    // ElastiCache names the nodes of a group of one shard in this way.
    dimensions: { CacheClusterId: pulumi.interpolate`${cacheId}-${String(node).padStart(3, "0")}` },
    statistic,
    periodSeconds: 300,
  });
}

function nodeAlarms(cache: WatchedCache, node: number): AlarmDefinition[] {
  const metric = metricOf(cache, node);
  return [
    {
      name: `cache-cpu-${node}`,
      description: `Node ${node} of the cache has been above 80 % of the one core that its engine uses for 15 minutes. Look in the slow log for KEYS, large ranges or scripts; spread reads over the replicas; else take the next larger nodeType.`,
      runbook: "cache#cpu",
      metric: metric("EngineCPUUtilization", "Average"),
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 3,
      missingData: "missing",
    },
    {
      name: `cache-host-cpu-${node}`,
      description: `The machine of node ${node} of the cache has been above 90 % of all its CPU for 15 minutes: snapshots, TLS and AWS's own processes take what the engine needs. Take the next larger nodeType, or move the snapshot window to a quiet hour.`,
      runbook: "cache#host-cpu",
      metric: metric("CPUUtilization", "Average"),
      threshold: 90,
      comparison: "above",
      evaluationPeriods: 3,
      missingData: "missing",
    },
    {
      name: `cache-memory-${node}`,
      description: `Node ${node} of the cache has used more than 80 % of its memory for 15 minutes; when it is full it evicts keys that expire, and refuses writes when there are none. Look for keys without an expiry and for large ones; else take the next larger nodeType.`,
      runbook: "cache#memory",
      metric: metric("DatabaseMemoryUsagePercentage", "Average"),
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 3,
      missingData: "missing",
    },
    {
      name: `cache-evictions-${node}`,
      description: `Node ${node} of the cache evicts keys before they expire: users lose their sessions. Memory is full: make room as for cache-memory-${node}.`,
      runbook: "cache#evictions",
      metric: metric("Evictions", "Sum"),
      threshold: 100,
      comparison: "above",
      evaluationPeriods: 2,
    },
    {
      name: `cache-logins-${node}`,
      description: `Clients have failed to authenticate at node ${node} of the cache. After a rotation: the running tasks have not read the new token yet. Otherwise something in the network tries tokens: look in the flow logs for who reaches port 6379.`,
      runbook: "cache#logins",
      metric: metric("AuthenticationFailures", "Sum"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 1,
    },
    ...(cache.nodes > 1
      ? [
          {
            name: `cache-replication-${node}`,
            description: `As a replica, node ${node} of the cache has been more than 10 s behind for 15 minutes; a failover would lose what is missing. Look for a burst of writes or a busy node (cache-cpu-${node}).`,
            runbook: "cache#replication" as const,
            metric: metric("ReplicationLag", "Maximum"),
            threshold: 10,
            comparison: "above" as const,
            evaluationPeriods: 3,
            missingData: "missing" as const,
          },
        ]
      : []),
  ];
}
