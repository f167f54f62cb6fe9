import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarm-definition.ts";

/** The alarms of an RDS Proxy. */
export function databaseProxyAlarms(proxyName: pulumi.Input<string>): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/RDS",
    metricName,
    dimensions: { ProxyName: proxyName },
    statistic,
    periodSeconds: 300,
  });
  return [
    {
      name: "database-proxy-logins",
      description:
        "The proxy has refused logins of clients. After a rotation: the running tasks have not read the new password yet, or the secret and the database disagree (runbook of the rotation). Otherwise someone tries passwords: look at the proxy's log for the user.",
      runbook: "database-alarms#proxy-logins",
      metric: metric("ClientConnectionsSetupFailedAuth", "Sum"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 1,
    },
    {
      name: "database-proxy-connections",
      description:
        "The proxy cannot open connections to the database: it is down or failing over, has no connections left, or refuses the password in the secret. See the database's alarms and events first, then the proxy's log.",
      runbook: "database-alarms#proxy-connections",
      metric: metric("DatabaseConnectionsSetupFailed", "Sum"),
      threshold: 5,
      comparison: "above",
      evaluationPeriods: 1,
    },
    {
      name: "database-proxy-borrow-latency",
      description:
        "Clients have waited more than 100 ms on average for a database connection for 15 minutes: the pool is used up. Look for slow queries and long transactions, then for pinned sessions (database-proxy-pinning).",
      runbook: "database-alarms#proxy-borrow-latency",
      // Microseconds.
      metric: metric("DatabaseConnectionsBorrowLatency", "Average"),
      threshold: 100_000,
      comparison: "above",
      evaluationPeriods: 3,
    },
    {
      name: "database-proxy-pinning",
      description:
        "More than 50 sessions have held a database connection for themselves for 15 minutes, so that pooling does nothing. Look in the proxy's log for why: prepared statements, SET or temporary tables. Change the client, not the proxy.",
      runbook: "database-alarms#proxy-pinning",
      // Each of the machines behind a proxy reports its share every minute.
      metric: { ...metric("DatabaseConnectionsCurrentlySessionPinned", "Sum"), periodSeconds: 60 },
      threshold: 50,
      comparison: "above",
      evaluationPeriods: 15,
    },
  ];
}
