import type { Context, Entry, Inputs, Outputs, Problem } from "../rule.ts";
import { majorOf, refuseOtherFamily } from "./rds-family.ts";
import { amount, known, nested, text } from "./shapes.ts";

/** The token stands here and not with its rule, which imports this file. */
const INSTANCE = "aws:rds/instance:Instance";
const SNAPSHOT = "aws:rds/snapshot:Snapshot";
/** Kinds of what RDS keeps without a resource: see `World.keep`. */
const kinds = { snapshot: "DB snapshot", backup: "automated backup" } as const;

const sources = [
  "sourceDbInstanceIdentifier",
  "sourceDbiResourceId",
  "sourceDbInstanceAutomatedBackupsArn",
] as const;

/** What a snapshot or backup is of: the restored instance has it, whatever the program says. */
function imageOf(state: Outputs): Outputs {
  return Object.fromEntries(
    ["allocatedStorage", "dbName", "engine", "engineVersion", "kmsKeyId", "storageEncrypted", "username"].map(
      (property) => [property, state[property]],
    ),
  );
}

/** Restores to a point in time name one source, and one time. */
export function restoreProblems({ restoreToPointInTime }: Inputs): Problem[] {
  if (!known(restoreToPointInTime)) return [];
  const point = nested(restoreToPointInTime);
  const given = sources.filter((source) => point[source] !== undefined);
  const hasTime = point["restoreTime"] !== undefined;
  return [
    ...(given.length === 1
      ? []
      : [{ property: "restoreToPointInTime", reason: `expected one of ${sources.join(", ")}` }]),
    ...(hasTime !== (point["useLatestRestorableTime"] === true)
      ? []
      : [
          {
            property: "restoreToPointInTime",
            reason: "expected either restoreTime or useLatestRestorableTime: true",
          },
        ]),
  ];
}

/** What the instance would be restored from; text is what AWS says where that is not possible. */
function sourceOf(ctx: Context): Outputs | string | undefined {
  const { inputs } = ctx;
  if (known(inputs["snapshotIdentifier"])) return snapshotOf(ctx, text(inputs, "snapshotIdentifier"));
  const point = nested(inputs["restoreToPointInTime"]);
  if (Object.keys(point).length === 0) return undefined;
  if (Date.parse(text(point, "restoreTime")) > Date.now())
    return `InvalidParameterValue: The specified instance cannot be restored to a time later than ${new Date().toISOString()}`;
  return backupOf(ctx, point);
}

function snapshotOf({ world, region }: Context, given: string): Outputs | string {
  const name = given.startsWith("arn:") ? given.split(":").slice(6).join(":") : given;
  const isHere = !given.startsWith("arn:") || given.split(":")[3] === region;
  const made = isHere ? world.get(SNAPSHOT, name, region)?.state : undefined;
  const kept = isHere ? world.kept(kinds.snapshot, name) : undefined;
  return made ?? kept ?? `DBSnapshotNotFound: DBSnapshot not found: ${given}`;
}

function backupOf({ world, region }: Context, point: Inputs): Outputs | string {
  const identifier = text(point, "sourceDbInstanceIdentifier");
  if (identifier !== "") {
    const live = world.find(INSTANCE, "identifier", identifier, region);
    if (live === undefined) return `DBInstanceNotFound: DBInstance ${identifier} not found.`;
    return backedUp(live.state)
      ? live.state
      : `InvalidDBInstanceState: Automated backups are not enabled for ${identifier}`;
  }
  const resourceId = text(point, "sourceDbiResourceId");
  if (resourceId !== "") {
    const live = world.get(INSTANCE, resourceId, region)?.state;
    return (
      (live && backedUp(live) ? live : undefined) ??
      world.kept(kinds.backup, resourceId) ??
      `DBInstanceAutomatedBackupNotFound: No automated backups of ${resourceId} in ${region}`
    );
  }
  const copy = text(point, "sourceDbInstanceAutomatedBackupsArn");
  const kept = world.kept(kinds.backup, copy);
  if (kept === undefined)
    return `DBInstanceAutomatedBackupNotFound: DBInstanceAutomatedBackup ${copy} not found.`;
  // As long as the source lives, the copy follows it.
  const source = world.find(INSTANCE, "arn", kept["sourceDbInstanceArn"]);
  return source === undefined ? kept : { ...imageOf(source.state), kmsKeyId: kept["kmsKeyId"] };
}

function backedUp(state: Outputs): boolean {
  return amount(state, "backupRetentionPeriod", 0) > 0;
}

/** At a creation: the source is there, and the instance asked for can be made of it. */
export function admitRestore(ctx: Context): string | undefined {
  if (ctx.state !== undefined) return undefined;
  const source = sourceOf(ctx);
  if (source === undefined || typeof source === "string") return source;
  const { inputs, world } = ctx;
  const group = text(inputs, "parameterGroupName");
  const wanted = `${text(source, "engine")}${majorOf(text(source, "engineVersion"))}`;
  const otherFamily = refuseOtherFamily(world, group, wanted);
  if (otherFamily !== undefined) return otherFamily;
  // AWS has no such parameter, and the provider passes over it: the next update would replace the instance.
  return known(inputs["kmsKeyId"]) && inputs["kmsKeyId"] !== source["kmsKeyId"]
    ? `a restored instance keeps the key of its source, ${text(source, "kmsKeyId", "none")}: leave kmsKeyId out, or the next update replaces the instance`
    : undefined;
}

/** After a creation: what came with the data. */
export function takeOver(ctx: Context): void {
  const source = sourceOf(ctx);
  const made = ctx.world.get(ctx.type, ctx.id, ctx.region);
  if (source === undefined || typeof source === "string" || made === undefined) return;
  const allocatedStorage = Math.max(
    amount(source, "allocatedStorage", 0),
    amount(made.state, "allocatedStorage", 0),
  );
  const { dbName, kmsKeyId, storageEncrypted, username } = source;
  ctx.world.change(made, {
    ...made.state,
    dbName,
    kmsKeyId,
    storageEncrypted,
    username,
    allocatedStorage,
  });
}

/** Whether a final snapshot of that name stands in the way. */
export function hasSnapshot({ world, region }: Context, name: string): boolean {
  return world.kept(kinds.snapshot, name) !== undefined || world.get(SNAPSHOT, name, region) !== undefined;
}

/** What an instance leaves behind: its final snapshot, and its backups unless they go with it. */
export function leaveBehind({ inputs, state = {}, id, world }: Context): void {
  if (inputs["skipFinalSnapshot"] !== true)
    world.keep(kinds.snapshot, text(inputs, "finalSnapshotIdentifier"), imageOf(state));
  if (inputs["deleteAutomatedBackups"] === false && backedUp(state))
    world.keep(kinds.backup, id, imageOf(state));
}

/** The instance whose backups are to be copied into the region of `ctx`. */
function replicated({ inputs, world }: Context): Entry | undefined {
  return world.find(INSTANCE, "arn", inputs["sourceDbInstanceArn"]);
}

/** Backups are copied from another region, and only where there are any. */
export function admitReplication(ctx: Context): string | undefined {
  const source = replicated(ctx);
  if (source === undefined) return undefined;
  if (source.region === ctx.region)
    return `InvalidParameterValue: Automated backups of ${text(source.state, "identifier")} can't be replicated to ${ctx.region}: it is the region of the instance`;
  if (!backedUp(source.state))
    return `InvalidDBInstanceState: Automated backups are not enabled for ${text(source.state, "identifier")}`;
  if (source.state["storageEncrypted"] === true && !known(ctx.inputs["kmsKeyId"]))
    return "InvalidParameterCombination: The KMS key of the destination region is required for encrypted backups";
  return undefined;
}

/** The copies outlive both the instance and the replication, until their days are over. */
export function keepCopies(ctx: Context): void {
  const source = replicated(ctx);
  if (source === undefined) return;
  ctx.world.keep(kinds.backup, ctx.id, {
    ...imageOf(source.state),
    kmsKeyId: ctx.inputs["kmsKeyId"] ?? "",
    sourceDbInstanceArn: ctx.inputs["sourceDbInstanceArn"],
  });
}
