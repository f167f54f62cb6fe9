import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";
import { maxConnections } from "../database-parameters.ts";
import type { EventDefinition } from "../event-definition.ts";
import { instanceMemoryGiB } from "../instance-memory.ts";
import { rotationFailed } from "./secrets.ts";

/** What the alarms need to know of a database. */
export interface WatchedDatabase {
  instanceId: pulumi.Input<string>;
  instanceClass: string;
  allocatedStorageGiB: number;
  parameters?: Record<string, string>;
}

const gibibyte = 2 ** 30;

/** The alarms of an RDS instance. */
export function databaseAlarms(database: WatchedDatabase): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBInstanceIdentifier: database.instanceId },
    statistic,
    periodSeconds: 300,
  });
  return [
    ...load(database, metric),
    ...space(database, metric),
    ...latency(metric),
    ...(database.instanceClass.startsWith("db.t") ? credits(metric) : []),
  ];
}

type MetricOf = (metricName: string, statistic: string) => Metric;

function load(database: WatchedDatabase, metric: MetricOf): AlarmDefinition[] {
  return [
    {
      name: "database-cpu",
      description:
        "The database's CPU has been above 80 % for 15 minutes. Open Performance Insights and look for the statement with the most load; add the missing index or stop the query. If all load is wanted, take the next larger instanceClass.",
      runbook: "database-alarms#cpu",
      metric: metric("CPUUtilization", "Average"),
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 3,
      missingData: "missing",
    },
    {
      name: "database-connections",
      description:
        "The database has had 80 connections or more for 10 minutes. Check whether the service runs more tasks than usual or leaks connections (pg_stat_activity, idle and old ones); all clients should come through RDS Proxy.",
      runbook: "database-alarms#connections",
      metric: metric("DatabaseConnections", "Average"),
      threshold: 80,
      comparison: "aboveOrEqual",
      evaluationPeriods: 2,
      missingData: "missing",
    },
    ...share(Number(database.parameters?.["max_connections"] ?? maxConnections), metric),
    {
      name: "database-transaction-ids",
      description:
        "A transaction id is a billion transactions old: vacuum does not keep up, and at two billion PostgreSQL stops writing. Look for old transactions and abandoned replication slots, then run VACUUM FREEZE on the oldest tables.",
      runbook: "database-alarms#transaction-ids",
      metric: metric("MaximumUsedTransactionIDs", "Maximum"),
      threshold: 1_000_000_000,
      comparison: "above",
      evaluationPeriods: 1,
      missingData: "missing",
    },
  ];
}

/** A limit that is a formula of RDS's is not known here: then the absolute number must do. */
function share(most: number, metric: MetricOf): AlarmDefinition[] {
  if (Number.isNaN(most)) return [];
  return [
    {
      name: "database-connections-share",
      description: `The database has more than 80 % of the ${most} connections that max_connections allows; soon it refuses new ones. End idle sessions (pg_terminate_backend), then find out which client opened them; raise max_connections only together with memory.`,
      runbook: "database-alarms#connections-share",
      metric: metric("DatabaseConnections", "Maximum"),
      math: { expression: `100 * m / ${most}`, label: "connections, % of max_connections" },
      threshold: 80,
      comparison: "above",
      evaluationPeriods: 1,
      missingData: "missing",
    },
  ];
}

function space(database: WatchedDatabase, metric: MetricOf): AlarmDefinition[] {
  return [
    {
      name: "database-storage",
      description:
        "Less than 8 % of the database's first storage has been free for 30 minutes, although it should have grown by itself. Either maxAllocatedStorageGiB is reached (raise it), or storage grew within the last 6 hours and may not yet grow again (delete what is not needed; look for a stuck replication slot).",
      runbook: "database-alarms#storage",
      metric: metric("FreeStorageSpace", "Minimum"),
      threshold: Math.round(database.allocatedStorageGiB * 0.08 * gibibyte),
      comparison: "below",
      evaluationPeriods: 6,
      missingData: "missing",
    },
    {
      name: "database-memory",
      description:
        "The database has had less than a tenth of its memory free for 15 minutes and may begin to swap. Look for many connections or large sorts (work_mem counts for each of them); else take the next larger instanceClass.",
      runbook: "database-alarms#memory",
      metric: metric("FreeableMemory", "Average"),
      threshold: Math.round(instanceMemoryGiB(database.instanceClass) * 0.1 * gibibyte),
      comparison: "below",
      evaluationPeriods: 3,
      missingData: "missing",
    },
    {
      name: "database-swap",
      description:
        "The database swaps more than 256 MiB: every query slows down. Free memory as for database-memory, or take the next larger instanceClass.",
      runbook: "database-alarms#swap",
      metric: metric("SwapUsage", "Average"),
      threshold: gibibyte / 4,
      comparison: "above",
      evaluationPeriods: 3,
      missingData: "missing",
    },
  ];
}

function latency(metric: MetricOf): AlarmDefinition[] {
  return (["Read", "Write"] as const).map((direction) => ({
    name: `database-${direction.toLowerCase()}-latency`,
    description: `A ${direction.toLowerCase()} of the database's disk has taken more than 20 ms on average for 15 minutes. Look in Performance Insights for waits on IO; if the load is wanted, the volume's 3000 IOPS or 125 MiB/s are used up: grow the storage to 400 GiB, where gp3 brings 12000, or provision more.`,
    runbook: "database-alarms#disk-latency" as const,
    metric: metric(`${direction}Latency`, "Average"),
    threshold: 0.02,
    comparison: "above" as const,
    evaluationPeriods: 3,
    missingData: "missing" as const,
  }));
}

function credits(metric: MetricOf): AlarmDefinition[] {
  return [
    {
      name: "database-cpu-credits",
      description:
        "The burstable instance has been out of CPU credits for an hour and runs on surplus ones, which AWS charges. Look for the statement with the most load as for database-cpu; if the load is steady, a db.m or db.r class is cheaper.",
      runbook: "database-alarms#cpu-credits",
      metric: metric("CPUCreditBalance", "Minimum"),
      threshold: 10,
      comparison: "below",
      // A new instance begins with none.
      evaluationPeriods: 12,
      missingData: "missing",
    },
  ];
}

/** The events of an RDS instance that somebody should know of (RDS User Guide, "Amazon RDS event categories"). */
export function databaseEvents(
  instanceId: pulumi.Input<string>,
  masterSecretArn: pulumi.Input<string>,
): EventDefinition[] {
  const told = (...categories: string[]): Pick<EventDefinition, "pattern" | "words"> => ({
    pattern: {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Instance Event"],
      detail: { SourceIdentifier: [instanceId], EventCategories: categories },
    },
    words: "$.detail.Message",
  });
  return [
    {
      name: "database-failover",
      description:
        "The database fails over to its standby, or has just done so. Connections broke for about a minute; check that the service and the proxy have recovered, then ask RDS's events for the cause.",
      runbook: "database-alarms#failover",
      ...told("failover"),
    },
    {
      name: "database-failure",
      description:
        "RDS reports a failure of the database: of its hardware, its storage or its configuration. Read the message; if RDS does not recover by itself, restore to the latest restorable time.",
      runbook: "database-alarms#failure",
      ...told("failure", "low storage"),
    },
    {
      name: "database-availability",
      description:
        "The database has been shut down or restarted. If no maintenance, failover or deployment explains it, look in the audit trail for who did it; check that the service has recovered.",
      runbook: "database-alarms#availability",
      ...told("availability"),
    },
    rotationFailed("database-master", [masterSecretArn]),
  ];
}
