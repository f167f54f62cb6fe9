import type * as awsTypes from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** What the cache runs. */
export type CacheEngine = "valkey" | "redis";

/** The default version of each engine, and the versions it takes. Redis OSS ends at 7.1 on ElastiCache; newer is Valkey. */
export const cacheEngines: Readonly<Record<CacheEngine, { version: string; form: RegExp; allowed: string }>> =
  {
    valkey: { version: "7.2", form: /^(7\.2|8\.\d)$/, allowed: "7.2 or 8.0 and newer" },
    redis: { version: "7.1", form: /^7\.[01]$/, allowed: "7.0 or 7.1" },
  };

const defaultParameters: Readonly<Record<string, string>> = {
  // Sessions and rate limits expire; what was stored without an expiry is meant to stay.
  "maxmemory-policy": "volatile-lru",
  // Microseconds; slower commands go to the slow log.
  "slowlog-log-slower-than": "10000",
};

/**
 * The parameter group. Its family follows the engine and its version; a new family makes a new group before the old
 * one goes.
 */
export function cacheParameterGroup(
  name: string,
  args: { engine: CacheEngine; engineVersion: string; parameters?: Record<string, string> },
  opts: pulumi.CustomResourceOptions,
): awsTypes.elasticache.ParameterGroup {
  const [major = ""] = args.engineVersion.split(".");
  return new aws.elasticache.ParameterGroup(
    name,
    {
      family: `${args.engine}${major}`,
      description: "Cache parameters of Macro AI",
      parameters: Object.entries({ ...defaultParameters, ...args.parameters }).map(([parameter, value]) => ({
        name: parameter,
        value,
      })),
    },
    { ...opts, deleteBeforeReplace: false },
  );
}
