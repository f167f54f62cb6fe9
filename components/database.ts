import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { databaseAlarms, databaseEvents } from "./alarms/database.ts";
import { aws } from "./aws.ts";
import type { ListeningPeer } from "./connection.ts";
import { assertDatabaseArgs } from "./database-args.ts";
import { parameterGroup } from "./database-parameters.ts";
import { engine, exportedLogs, observation, protection, restoration, storage } from "./database-settings.ts";
import type { EventDefinition } from "./event-definition.ts";
import { foreseenLogGroup } from "./foreseen-log-group.ts";
import { monitoringRole } from "./monitoring-role.ts";
import { securityGroup } from "./security-group.ts";
import { uniqueName } from "./unique-name.ts";

/** Where a new database takes its data from: a snapshot, or backups up to a point in time. */
export type RestoreSource = { snapshotIdentifier: string } | (BackupSource & { time?: string });

/** Whose backups: a live instance, a deleted one by its resource id (`db-ABC...`), or copies from another region. */
export type BackupSource =
  { sourceIdentifier: string } | { sourceResourceId: string } | { automatedBackupsArn: string };

/** The arguments of {@link Database}. */
export interface DatabaseArgs {
  vpcId: pulumi.Input<string>;
  /** Isolated subnets in at least two zones. A change replaces the subnet group, not the database. */
  subnetIds: pulumi.Input<string[]>;
  /** The first database. A change replaces the instance. */
  databaseName: string;
  /** RDS keeps its password in Secrets Manager. A change replaces the instance. @default "administrator" */
  masterUsername?: string;
  /**
   * PostgreSQL's major version, `15`; RDS then keeps up with minor ones by itself. A version with its minor number must
   * be raised by hand once RDS has passed it.
   */
  engineVersion: string;
  /** For example `db.t4g.medium`. A change restarts the database (with `multiAz`, by a failover of a minute). */
  instanceClass: string;
  allocatedStorageGiB: number;
  /** Up to where storage grows by itself. */
  maxAllocatedStorageGiB: number;
  /** A standby in a second zone, at twice the price. */
  multiAz: boolean;
  /** Days that any point in time can be restored, 1 to 35. */
  backupRetentionDays: number;
  /** AWS's own protection; to destroy the database, first deploy it with `false`. */
  deletionProtection: boolean;
  /**
   * Encrypts storage, backups, logs, the master password and Performance Insights. The storage of a live database keeps
   * the key that it was made with; what is restored keeps that of its source.
   */
  kmsKeyArn: pulumi.Input<string>;
  /** Days that exported logs are kept; they outlive the database. */
  logRetentionDays: number;
  region: string;
  accountId: pulumi.Input<string>;
  /** Parameters beside, or in place of, {@link defaultParameters}. @default - none */
  parameters?: Record<string, string>;
  /**
   * Only a database that does not exist yet takes it; a live one is left alone. `time` is ISO 8601 in UTC, by default the
   * latest restorable one. @default - an empty database
   */
  restore?: RestoreSource;
  /**
   * When changes that interrupt the service are made. A new major version needs "now": the old parameter group can
   * go only when the switch is done. @default "in-maintenance-window"
   */
  changes?: "in-maintenance-window" | "now";
  /** Days, 1 to 1000, after which RDS changes the master password. @default - RDS's own 7 */
  masterPasswordRotationDays?: number;
  /** UTC. @default "03:00-04:00" */
  backupWindow?: string;
  /** UTC, apart from the backup window. @default "sun:04:30-sun:05:30" */
  maintenanceWindow?: string;
  /**
   * Copies backups to a second region, against the loss of this one: within minutes, the transaction logs as well. USD 0.095
   * per GB and month there, and 0.02 per GB copied. A change of any part begins the copies anew; the old ones stay until
   * their days are over. @default - none
   */
  replicateBackups?: {
    region: string;
    /** A key of that region. */
    kmsKeyArn: pulumi.Input<string>;
    /** Days, 1 to 35. */
    retentionDays: number;
  };
}

const port = 5432;

/**
 * PostgreSQL on RDS in isolated subnets: encrypted gp3 storage that grows by itself, backups, Performance Insights,
 * enhanced monitoring every 60 s, exported logs, TLS only, a master password that RDS makes, keeps and rotates in Secrets
 * Manager and that never appears in the state.
 *
 * Costs per month (730 h, us-east-1, Multi-AZ): db.t4g.medium USD 94.17, db.t4g.large 188.34, db.r6g.large 328.50; storage
 * 0.23 per GB; backups beyond the size of the storage 0.095 per GB; the master secret 0.40; logs 0.50 per GB. Half of it
 * without the standby.
 *
 * A change of `databaseName` or `masterUsername` asks for a new, empty instance; it is refused as long as
 * the old one exists, since both would bear one identifier. A new major version changes the parameter group's family
 * and the instance together: new group, switch, old group gone.
 *
 * To restore over a live database, deploy `restore` with `--replace` for the instance and its name's RandomId; the old
 * one leaves a final snapshot (docs/runbooks/database.md).
 */
export class Database extends pulumi.ComponentResource {
  /** The DB instance identifier. */
  public readonly instanceId: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** Host name. */
  public readonly endpoint: pulumi.Output<string>;
  public readonly port = port;
  public readonly databaseName: string;
  public readonly masterUsername: string;
  /** The secret with the master password. */
  public readonly masterSecretArn: pulumi.Output<string>;
  /** The key that encrypts it. */
  public readonly masterSecretKeyArn: pulumi.Output<string>;
  public readonly peer: ListeningPeer;
  readonly #args: DatabaseArgs;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    assertDatabaseArgs(name, args);
    super("macro-ai:components:Database", name, {}, opts);
    this.#args = args;
    this.databaseName = args.databaseName;
    this.masterUsername = args.masterUsername ?? "administrator";
    const group = securityGroup(
      name,
      { vpcId: args.vpcId, description: "PostgreSQL database" },
      { parent: this },
    );
    this.peer = { label: "database", securityGroupId: group.id, port };
    const instance = this.createInstance(name, args);
    this.instanceId = instance.identifier;
    this.arn = instance.arn;
    this.endpoint = instance.address;
    this.masterSecretArn = masterSecret(instance);
    this.masterSecretKeyArn = pulumi.output(args.kmsKeyArn);
    this.scheduleRotation(name, args);
    this.replicateBackups(name, args, instance);
    this.registerOutputs({
      instanceId: this.instanceId,
      endpoint: this.endpoint,
      masterSecretArn: this.masterSecretArn,
    });
  }

  /** What deserves to wake somebody. */
  alarms(): AlarmDefinition[] {
    return databaseAlarms({ ...this.#args, instanceId: this.instanceId });
  }

  /** What RDS and Secrets Manager tell about the instance that no metric shows. */
  events(): EventDefinition[] {
    return databaseEvents(this.instanceId, this.masterSecretArn);
  }

  private createInstance(name: string, args: DatabaseArgs): awsTypes.rds.Instance {
    const subnets = new aws.rds.SubnetGroup(
      name,
      { description: "Isolated subnets", subnetIds: args.subnetIds },
      { parent: this },
    );
    const parameters = parameterGroup(name, args, { parent: this });
    const monitoring = monitoringRole(`${name}-monitoring`, args, { parent: this });
    const identifier = uniqueName(name, { parent: this });
    const logs = exportedLogs.map((log) =>
      foreseenLogGroup(
        `${name}-${log}`,
        {
          name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`,
          retentionDays: args.logRetentionDays,
          kmsKeyArn: args.kmsKeyArn,
        },
        { parent: this },
      ),
    );
    return new aws.rds.Instance(
      name,
      {
        identifier,
        instanceClass: args.instanceClass,
        ...engine(args),
        ...storage(args),
        ...protection(args, identifier),
        ...observation(args, monitoring.readyArn),
        ...restoration(args.restore),
        dbName: this.databaseName,
        username: this.masterUsername,
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: args.kmsKeyArn,
        iamDatabaseAuthenticationEnabled: true,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        port,
        publiclyAccessible: false,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [this.peer.securityGroupId],
        multiAz: args.multiAz,
        parameterGroupName: parameters.name,
      },
      // What a database was restored from is history, and its key came with it: a change must not recreate a live one.
      {
        parent: this,
        dependsOn: logs,
        ignoreChanges: ["snapshotIdentifier", "restoreToPointInTime", "kmsKeyId"],
        // A restore or a major upgrade of a large database takes longer than the provider would wait.
        customTimeouts: { create: "2h", update: "2h", delete: "1h" },
      },
    );
  }

  private scheduleRotation(name: string, { masterPasswordRotationDays: days }: DatabaseArgs): void {
    if (days === undefined) return;
    new aws.secretsmanager.SecretRotation(
      `${name}-master`,
      {
        secretId: this.masterSecretArn,
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: days },
      },
      { parent: this },
    );
  }

  private replicateBackups(name: string, args: DatabaseArgs, instance: awsTypes.rds.Instance): void {
    if (!args.replicateBackups) return;
    const { region, kmsKeyArn, retentionDays } = args.replicateBackups;
    new aws.rds.InstanceAutomatedBackupsReplication(
      `${name}-backups`,
      { sourceDbInstanceArn: instance.arn, kmsKeyId: kmsKeyArn, retentionPeriod: retentionDays, region },
      // The copies outlive it, and any change replaces it.
      { parent: this, protect: false },
    );
  }
}

function masterSecret(instance: awsTypes.rds.Instance): pulumi.Output<string> {
  return pulumi.all([instance.masterUserSecrets, instance.identifier]).apply(([[secret], identifier]) => {
    if (!secret)
      throw new Error(`RDS keeps no master password for ${identifier}: turn its management on again.`);
    return secret.secretArn;
  });
}
