import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { check, count, matches, oneOf, parsedNumber } from "./constraints.ts";
import { PARAMETER_GROUP } from "./rds-family.ts";
import { INSTANCE } from "./rds-instance.ts";
import { firstOf, naming, refersTo, subnet, unlessUsed } from "./references.ts";
import { arn, byInput, list, nested, text } from "./shapes.ts";

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
const GROUP_NAME = /^[a-z](?!.*--)[a-z0-9.-]*(?<!-)$/;

/** Parameters with a limit that users meet; names outside RDS's own list are not known here. Integers are in the parameter's own unit. */
const POSTGRES_LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  max_connections: [6, 262143],
  work_mem: [64, 2147483647],
  maintenance_work_mem: [1024, 2147483647],
  log_min_duration_statement: [-1, 2147483647],
  idle_in_transaction_session_timeout: [0, 2147483647],
  statement_timeout: [0, 2147483647],
  "rds.force_ssl": [0, 1],
  log_connections: [0, 1],
  log_disconnections: [0, 1],
};

/** Libraries RDS for PostgreSQL can preload; "vector" is none of them. Source: RDS for PostgreSQL extension lists. */
const PRELOADABLE = [
  ...[
    "auto_explain",
    "orafce",
    "pgaudit",
    "pg_bigm",
    "pg_cron",
    "pg_hint_plan",
    "pg_prewarm",
    "pg_similarity",
  ],
  ...[
    "pg_stat_statements",
    "pg_tle",
    "pg_transport",
    "plprofiler",
    "plrust",
    "pglogical",
    "rdkit",
    "pgactive",
  ],
];

/** Static parameters: a change waits for a reboot. */
const STATIC = ["max_connections", "shared_preload_libraries", "shared_buffers", "rds.logical_replication"];

export const rdsGroups: Rules = {
  [SUBNET_GROUP]: {
    name: {
      property: "name",
      pattern: /^[a-z0-9. _-]+$/,
      allowed: "lower-case letters, digits, periods, underscores, hyphens and spaces",
      maxLength: 255,
      scope: "region",
      autoname: "hex",
      taken: (name) => `DBSubnetGroupAlreadyExists: The DB subnet group '${name}' already exists.`,
    },
    id: byInput("name"),
    defaults: { description: "Managed by Pulumi" },
    computed: (ctx) => ({
      arn: arn(ctx, "rds", `subgrp:${ctx.id}`),
      namePrefix: "",
      supportedNetworkTypes: ["IPV4"],
      vpcId: vpcOf(ctx),
    }),
    replaceOn: ["name", "namePrefix"],
    sets: ["subnetIds"],
    check: check(count("subnetIds", 1, 20)),
    admit: firstOf(refersTo({ "subnetIds[]": subnet }), coversTwoZones),
    guardDelete: unlessUsed(
      { [INSTANCE]: ["dbSubnetGroupName"] },
      (ctx, users) =>
        `InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '${ctx.id}' because at least one database instance is still using it: ${naming(users)}`,
    ),
  },
  [PARAMETER_GROUP]: {
    name: {
      property: "name",
      pattern: GROUP_NAME,
      allowed: "lower-case letters, digits, periods and single hyphens, a letter first, no hyphen at the end",
      maxLength: 255,
      scope: "region",
      autoname: "hex",
      taken: (name) => `DBParameterGroupAlreadyExists: Parameter group ${name} already exists`,
    },
    id: byInput("name"),
    defaults: { description: "Managed by Pulumi", skipDestroy: false },
    computed: (ctx) => ({ arn: arn(ctx, "rds", `pg:${ctx.id}`), namePrefix: "" }),
    replaceOn: ["name", "namePrefix", "family", "description"],
    sets: ["parameters"],
    writeOnly: ["skipDestroy"],
    check: check(
      matches(
        "family",
        /^(postgres|mysql|mariadb|sqlserver-[a-z]+-|oracle-[a-z0-9]+-|aurora-[a-z]+)\d[\d.]*$/,
        "an engine family such as postgres15",
      ),
      oneOf("parameters[].applyMethod", "immediate", "pending-reboot"),
      parameterValues,
    ),
    guardDelete: unlessUsed(
      { [INSTANCE]: ["parameterGroupName"] },
      (ctx, users) =>
        `InvalidDBParameterGroupState: One or more database instances are still members of this parameter group ${ctx.id}, so the group cannot be deleted: ${naming(users)}`,
    ),
  },
};

function subnetsOf({ inputs, world }: Context) {
  return list(inputs, "subnetIds").flatMap((id) => world.get("aws:ec2/subnet:Subnet", String(id)) ?? []);
}

/** The VPC of a group's first subnet. */
function vpcOf(ctx: Context): string {
  return text(subnetsOf(ctx)[0]?.state ?? {}, "vpcId");
}

function coversTwoZones(ctx: Context): string | undefined {
  const subnets = subnetsOf(ctx);
  if (new Set(subnets.map(({ state }) => state["vpcId"])).size > 1)
    return "InvalidSubnet: Subnets in the group belong to more than one VPC";
  return subnets.length === list(ctx.inputs, "subnetIds").length &&
    new Set(subnets.map(({ state }) => state["availabilityZone"])).size < 2
    ? "DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: 1. Add subnets to cover at least 2 AZs."
    : undefined;
}

function parameterValues(inputs: Inputs): Problem[] {
  if (!text(inputs, "family").startsWith("postgres")) return [];
  return list(inputs, "parameters").flatMap((item, index) => {
    const parameter = nested(item);
    return parameterProblems(text(parameter, "name"), parameter["value"], parameter["applyMethod"]).map(
      ([property, reason]) => ({ property: `parameters[${index}].${property}`, reason }),
    );
  });
}

function parameterProblems(name: string, value: unknown, applyMethod: unknown): [string, string][] {
  if (!/^[a-z0-9_.]+$/.test(name))
    return name === "" ? [] : [["name", `"${name}" is no parameter name of PostgreSQL`]];
  const problems: [string, string][] = [];
  const limits = POSTGRES_LIMITS[name];
  if (limits !== undefined && typeof value === "string" && !/[{}]/.test(value)) {
    const number = parsedNumber(value);
    if (number === undefined || number < limits[0] || number > limits[1])
      problems.push([
        "value",
        `expected a whole number from ${limits[0]} to ${limits[1]} without a unit for ${name}, got "${value}"`,
      ]);
  }
  if (name === "shared_preload_libraries" && typeof value === "string")
    for (const library of value.split(",").map((part) => part.trim()))
      if (!PRELOADABLE.includes(library))
        problems.push([
          "value",
          `RDS cannot preload "${library}"; pgvector needs only CREATE EXTENSION vector`,
        ]);
  if (
    STATIC.includes(name) &&
    applyMethod !== undefined &&
    applyMethod !== "pending-reboot" &&
    typeof applyMethod === "string"
  )
    problems.push(["applyMethod", `${name} is static: use pending-reboot`]);
  return problems;
}
