import type * as awsTypes from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** The most connections that PostgreSQL accepts; the alarms measure against it. */
export const maxConnections = 200;

/**
 * What differs from RDS's defaults, in PostgreSQL's own units. pgvector is not here: it needs only `CREATE EXTENSION vector`,
 * and as a preloaded library RDS rejects it.
 */
export const defaultParameters: Readonly<Record<string, string>> = {
  max_connections: String(maxConnections),
  // Kilobytes: 4 MB for each sort or hash of a query.
  work_mem: "4096",
  "rds.force_ssl": "1",
  // Milliseconds; slower statements are logged.
  log_min_duration_statement: "1000",
  // "ddl" would write the passwords of CREATE ROLE and ALTER ROLE into the log.
  log_statement: "none",
  log_lock_waits: "1",
};

/** These take effect at a start only, or are accepted as if they did; "immediate" would be refused. */
const staticParameters = new Set(["max_connections", "rds.force_ssl"]);

/** `15` of `15.12`. */
export function majorVersion(engineVersion: string): string {
  return engineVersion.split(".")[0] ?? engineVersion;
}

/**
 * The parameter group. Its family follows the engine's version, and a new family replaces it: auto-named, so that the new
 * group stands before the instance switches and the old one goes after.
 */
export function parameterGroup(
  name: string,
  args: { engineVersion: string; parameters?: Record<string, string> },
  opts: pulumi.CustomResourceOptions,
): awsTypes.rds.ParameterGroup {
  const parameters = Object.entries({ ...defaultParameters, ...args.parameters });
  return new aws.rds.ParameterGroup(
    name,
    {
      family: `postgres${majorVersion(args.engineVersion)}`,
      description: "PostgreSQL parameters of Macro AI",
      parameters: parameters.map(([parameter, value]) => ({
        name: parameter,
        value,
        applyMethod: staticParameters.has(parameter) ? "pending-reboot" : "immediate",
      })),
    },
    // It holds nothing, and a new major version must be able to replace it.
    { ...opts, deleteBeforeReplace: false, protect: false },
  );
}
