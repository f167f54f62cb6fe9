import { cacheEngines } from "./cache-engine.ts";
import type { CacheArgs } from "./cache.ts";
import { dailyWindowRule, weeklyWindowRule } from "./database-args.ts";
import { retentionProblems } from "./log-group.ts";
import { broken, throwProblems, type Rule } from "./problems.ts";

/** @throws pulumi.InputPropertiesError with every bad argument */
export function assertCacheArgs(name: string, args: CacheArgs): void {
  throwProblems("Cache", name, [
    ...broken(rules(name, args)),
    ...retentionProblems("logRetentionDays", args.logRetentionDays),
  ]);
}

/** Sources: ElastiCache API reference, CreateReplicationGroup. */
function rules(name: string, args: CacheArgs): Rule[] {
  const engine = cacheEngines[args.engine];
  const version = args.engineVersion ?? engine.version;
  const days = args.snapshotRetentionDays;
  return [
    {
      path: "name",
      holds: /^[a-z](?!.*--)[a-z0-9-]{0,31}$/.test(name) && !name.endsWith("-"),
      message: `is "${name}"; the cache is named after it: up to 32 lower-case letters, digits and single hyphens, a letter first`,
    },
    {
      path: "engineVersion",
      holds: engine.form.test(version),
      message: `is "${version}"; ${args.engine} takes ${engine.allowed}`,
    },
    {
      path: "nodeType",
      holds: /^cache\.[a-z]\w*\.\w+$/.test(args.nodeType),
      message: `is "${args.nodeType}"; give an ElastiCache node type, like "cache.t4g.micro"`,
    },
    {
      path: "nodes",
      holds: Number.isInteger(args.nodes) && args.nodes >= 1 && args.nodes <= 6,
      message: `is ${args.nodes}; a replication group has 1 to 6 nodes`,
    },
    {
      path: "snapshotRetentionDays",
      holds: Number.isInteger(days) && days >= 0 && days <= 35,
      message: `is ${days}; give 0 (no snapshots) to 35`,
    },
    {
      path: "authToken",
      holds: typeof args.authToken !== "string" || /^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(args.authToken),
      message: "does not have the form AWS wants: 16 to 128 letters, digits and the symbols !&#$^<>-",
    },
    dailyWindowRule("snapshotWindow", args.snapshotWindow),
    weeklyWindowRule("maintenanceWindow", args.maintenanceWindow),
  ];
}
