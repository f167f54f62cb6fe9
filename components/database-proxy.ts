import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { databaseProxyAlarms } from "./alarms/database-proxy.ts";
import { aws } from "./aws.ts";
import { Connection, type ListeningPeer } from "./connection.ts";
import { foreseenLogGroup } from "./foreseen-log-group.ts";
import { retentionProblems } from "./log-group.ts";
import { broken, throwProblems } from "./problems.ts";
import { Role } from "./role.ts";
import { securityGroup } from "./security-group.ts";
import { uniqueName } from "./unique-name.ts";

/** The arguments of {@link DatabaseProxy}. */
export interface DatabaseProxyArgs {
  vpcId: pulumi.Input<string>;
  /** Private subnets in at least two zones. A proxy stays in those it was made in. */
  subnetIds: pulumi.Input<string[]>;
  /** The DB instance it stands before. */
  instanceId: pulumi.Input<string>;
  /** The instance's side of the connection. */
  database: ListeningPeer;
  /** One secret per application user, with the JSON keys `username` and `password`. At least one. */
  secretArns: pulumi.Input<string>[];
  /** The key that those secrets are encrypted with. */
  secretsKeyArn: pulumi.Input<string>;
  /** Encrypts the proxy's logs. */
  kmsKeyArn: pulumi.Input<string>;
  /** Days that its logs are kept; they outlive the proxy. */
  logRetentionDays: number;
  region: string;
  /** Seconds until an idle client is dropped. @default 1800 */
  idleClientTimeoutSeconds?: number;
}

const port = 5432;

/**
 * RDS Proxy before a PostgreSQL instance: clients connect with TLS as one of the application users whose secrets it holds,
 * and share the instance's connections; a failover costs them seconds. Opens the way from itself to the database;
 * who may reach the proxy is for the caller to {@link connect}.
 *
 * USD 0.015 per vCPU-hour of the instance, at least 2: 21.90 a month for db.t4g.medium. No argument replaces the proxy; another
 * instance replaces its target, and clients wait for some seconds.
 *
 * Prepared statements of the protocol, SET and temporary tables pin a client to one connection: an alarm watches it.
 */
export class DatabaseProxy extends pulumi.ComponentResource {
  public readonly proxyName: pulumi.Output<string>;
  /** Host name. Known before the secrets have values, so that they can hold it. */
  public readonly endpoint: pulumi.Output<string>;
  public readonly port = port;
  /** For roles that connect with IAM authentication (`rds-db:connect`). */
  public readonly arn: pulumi.Output<string>;
  public readonly peer: ListeningPeer;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: DatabaseProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArgs(name, args);
    super("macro-ai:components:DatabaseProxy", name, {}, opts);
    const group = securityGroup(name, { vpcId: args.vpcId, description: "Database proxy" }, { parent: this });
    this.peer = { label: "database proxy", securityGroupId: group.id, port };
    const way = new Connection(
      `${name}-to-database`,
      { from: this.peer, to: args.database, reason: "pooled connections" },
      { parent: this },
    );
    const proxy = this.createProxy(name, args);
    this.attach(name, args, proxy, way);
    this.proxyName = proxy.name;
    this.endpoint = proxy.endpoint;
    this.arn = proxy.arn;
    this.registerOutputs({ proxyName: this.proxyName, endpoint: this.endpoint });
  }

  /** What deserves to wake somebody. */
  alarms(): AlarmDefinition[] {
    return databaseProxyAlarms(this.proxyName);
  }

  private createProxy(name: string, args: DatabaseProxyArgs): awsTypes.rds.Proxy {
    const proxyName = uniqueName(name, { parent: this });
    const logs = foreseenLogGroup(
      name,
      {
        name: pulumi.interpolate`/aws/rds/proxy/${proxyName}`,
        retentionDays: args.logRetentionDays,
        kmsKeyArn: args.kmsKeyArn,
      },
      { parent: this },
    );
    return new aws.rds.Proxy(
      name,
      {
        name: proxyName,
        engineFamily: "POSTGRESQL",
        requireTls: true,
        // Not before the instance: the first instance of an account brings the service-linked role that a proxy needs.
        roleArn: pulumi
          .all([this.createRole(name, args).readyArn, args.instanceId])
          .apply(([roleArn]) => roleArn),
        auths: args.secretArns.map((secretArn) => ({
          description: "Application user",
          authScheme: "SECRETS",
          secretArn,
          iamAuth: "DISABLED",
          clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
        })),
        vpcSubnetIds: args.subnetIds,
        vpcSecurityGroupIds: [this.peer.securityGroupId],
        idleClientTimeout: args.idleClientTimeoutSeconds ?? 1800,
        // It would write the statements, and with them data, into the log.
        debugLogging: false,
      },
      {
        parent: this,
        dependsOn: logs,
        // Another subnet would replace it, and a further zone is no reason to cut off every client.
        ignoreChanges: ["vpcSubnetIds"],
        // Under its old name it keeps its host name, which clients know from their secrets.
        deleteBeforeReplace: true,
      },
    );
  }

  private createRole(name: string, args: DatabaseProxyArgs): Role {
    return new Role(
      `${name}-role`,
      {
        description: "Reads the application users' passwords for the database proxy",
        service: "rds.amazonaws.com",
        statements: [
          {
            sid: "ReadUsers",
            actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            resources: args.secretArns,
          },
          {
            sid: "DecryptUsers",
            actions: ["kms:Decrypt"],
            resources: [args.secretsKeyArn],
            conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${args.region}.amazonaws.com` } },
          },
        ],
      },
      { parent: this },
    );
  }

  private attach(
    name: string,
    args: DatabaseProxyArgs,
    proxy: awsTypes.rds.Proxy,
    way: pulumi.Resource,
  ): void {
    const targets = new aws.rds.ProxyDefaultTargetGroup(
      name,
      {
        dbProxyName: proxy.name,
        // A tenth of max_connections is left to administrators, who go past the proxy.
        connectionPoolConfig: {
          maxConnectionsPercent: 90,
          maxIdleConnectionsPercent: 50,
          connectionBorrowTimeout: 30,
        },
      },
      { parent: this },
    );
    new aws.rds.ProxyTarget(
      name,
      { dbProxyName: proxy.name, targetGroupName: targets.name, dbInstanceIdentifier: args.instanceId },
      // A proxy has room for one instance.
      { parent: this, dependsOn: way, deleteBeforeReplace: true },
    );
  }
}

function assertArgs(name: string, args: DatabaseProxyArgs): void {
  const { idleClientTimeoutSeconds: idle = 1800 } = args;
  throwProblems("DatabaseProxy", name, [
    ...broken([
      {
        path: "name",
        holds: /^[a-z](?!.*--)[a-z0-9-]{0,52}$/.test(name) && !name.endsWith("-"),
        message: `is "${name}"; the proxy is named after it: up to 53 lower-case letters, digits and single hyphens, a letter first`,
      },
      {
        path: "secretArns",
        holds: args.secretArns.length > 0,
        message: "is empty; give the secret of at least one application user",
      },
      {
        path: "idleClientTimeoutSeconds",
        holds: Number.isInteger(idle) && idle >= 1 && idle <= 28_800,
        message: `is ${idle}; give 1 to 28800`,
      },
    ]),
    ...retentionProblems("logRetentionDays", args.logRetentionDays),
  ]);
}
