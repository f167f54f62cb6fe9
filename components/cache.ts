import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { cacheAlarms } from "./alarms/cache.ts";
import { aws } from "./aws.ts";
import { assertCacheArgs } from "./cache-args.ts";
import { cacheEngines, cacheParameterGroup, type CacheEngine } from "./cache-engine.ts";
import type { ListeningPeer } from "./connection.ts";
import { logGroup } from "./log-group.ts";
import { securityGroup } from "./security-group.ts";

/** The arguments of {@link Cache}. */
export interface CacheArgs {
  vpcId: pulumi.Input<string>;
  /** Isolated subnets in at least two zones. */
  subnetIds: pulumi.Input<string[]>;
  /** From redis to valkey is an upgrade in place; the way back replaces the cache. */
  engine: CacheEngine;
  /** @default "7.2" for valkey, "7.1" for redis */
  engineVersion?: string;
  /** For example `cache.t4g.micro`. A change is made online. */
  nodeType: string;
  /** 1 to 6: one writes, the others read and take over. From 2 on the cache spans zones and fails over by itself. */
  nodes: number;
  /** A change replaces the cache. */
  kmsKeyArn: pulumi.Input<string>;
  /**
   * What clients present: 16 to 128 letters, digits and `!&#$^<>-`. Only a new cache takes it: a rotation changes it in
   * AWS, and no deployment writes the old one back.
   */
  authToken: pulumi.Input<string>;
  /** Days that daily snapshots are kept, 0 to 35; 0 makes none. */
  snapshotRetentionDays: number;
  /** Days that the slow log and the engine's log are kept. */
  logRetentionDays: number;
  /** Parameters beside, or in place of, the defaults of {@link cacheParameterGroup}. @default - none */
  parameters?: Record<string, string>;
  /** A topic for ElastiCache's own events: failovers, replaced nodes. @default - none */
  notificationTopicArn?: pulumi.Input<string>;
  /** UTC. @default "02:00-03:00" */
  snapshotWindow?: string;
  /** UTC, apart from the snapshot window. @default "sun:05:45-sun:06:45" */
  maintenanceWindow?: string;
  /**
   * When changes that interrupt the service are made. A new major version needs "now": the old parameter group can
   * go only when the switch is done. @default "in-maintenance-window"
   */
  changes?: "in-maintenance-window" | "now";
  /** A snapshot's name to fill a new cache from; a live one is left alone. @default - an empty cache */
  snapshotName?: string;
}

const port = 6379;

/**
 * An ElastiCache replication group in isolated subnets: TLS and AUTH, encrypted storage, failover over zones, daily
 * snapshots, slow log and engine log in an encrypted log group. One shard, not cluster mode: clients use multi-key commands,
 * which fail across shards (CROSSSLOT).
 *
 * Costs per month (730 h, us-east-1) and node: cache.t4g.micro USD 9.34 with valkey, 11.68 with redis; small 18.69 and 23.36;
 * medium 37.96 and 47.45. Snapshots beyond the first day's are charged per GB.
 *
 * A change of `kmsKeyArn` or `subnetIds`' VPC replaces the cache, and with it all it holds.
 */
export class Cache extends pulumi.ComponentResource {
  /** The replication group's id. */
  public readonly cacheId: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** Host name of the node that writes; it follows a failover. */
  public readonly endpoint: pulumi.Output<string>;
  /** Host name of the nodes that only read. */
  public readonly readerEndpoint: pulumi.Output<string>;
  public readonly port = port;
  public readonly peer: ListeningPeer;
  readonly #args: CacheArgs;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    assertCacheArgs(name, args);
    super("macro-ai:components:Cache", name, {}, opts);
    this.#args = args;
    const group = securityGroup(name, { vpcId: args.vpcId, description: "Cache" }, { parent: this });
    this.peer = { label: "cache", securityGroupId: group.id, port };
    const cache = this.createCache(name, args);
    this.cacheId = cache.replicationGroupId;
    this.arn = cache.arn;
    this.endpoint = cache.primaryEndpointAddress;
    this.readerEndpoint = cache.readerEndpointAddress;
    this.registerOutputs({
      cacheId: this.cacheId,
      endpoint: this.endpoint,
      readerEndpoint: this.readerEndpoint,
    });
  }

  /** What deserves to wake somebody. */
  alarms(): AlarmDefinition[] {
    return cacheAlarms({ ...this.#args, cacheId: this.cacheId });
  }

  private createCache(name: string, args: CacheArgs): awsTypes.elasticache.ReplicationGroup {
    const version = args.engineVersion ?? cacheEngines[args.engine].version;
    const subnets = new aws.elasticache.SubnetGroup(
      name,
      { description: "Isolated subnets", subnetIds: args.subnetIds },
      { parent: this },
    );
    const parameters = cacheParameterGroup(name, { ...args, engineVersion: version }, { parent: this });
    const spansZones = args.nodes > 1;
    return new aws.elasticache.ReplicationGroup(
      name,
      {
        description: "Cache of Macro AI",
        engine: args.engine,
        engineVersion: version,
        nodeType: args.nodeType,
        numCacheClusters: args.nodes,
        automaticFailoverEnabled: spansZones,
        multiAzEnabled: spansZones,
        port,
        subnetGroupName: subnets.name,
        securityGroupIds: [this.peer.securityGroupId],
        parameterGroupName: parameters.name,
        autoMinorVersionUpgrade: true,
        applyImmediately: args.changes === "now",
        ...encryption(args),
        ...snapshots(args),
        logDeliveryConfigurations: this.createLogs(name, args),
        ...(args.notificationTopicArn !== undefined && { notificationTopicArn: args.notificationTopicArn }),
      },
      {
        parent: this,
        ignoreChanges: ["authToken", "snapshotName"],
        // A restore, or a new node type for several nodes, takes longer than the provider would wait.
        customTimeouts: { create: "2h", update: "2h", delete: "1h" },
      },
    );
  }

  private createLogs(name: string, args: CacheArgs) {
    return (["slow-log", "engine-log"] as const).map((logType) => {
      const group = logGroup(
        `${name}-${logType}`,
        {
          // This prefix spares the account's CloudWatch resource policy one entry per log group.
          namePrefix: `/aws/vendedlogs/elasticache/${name}-${logType}-`,
          retentionDays: args.logRetentionDays,
          kmsKeyArn: args.kmsKeyArn,
        },
        { parent: this },
      );
      return {
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: group.name,
      };
    });
  }
}

type Part = Partial<awsTypes.elasticache.ReplicationGroupArgs>;

function encryption(args: CacheArgs): Part {
  return {
    atRestEncryptionEnabled: true,
    kmsKeyId: args.kmsKeyArn,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: pulumi.secret(args.authToken),
    // The old token stays valid beside the new one until a rotation ends it.
    authTokenUpdateStrategy: "ROTATE",
  };
}

function snapshots(args: CacheArgs): Part {
  return {
    snapshotRetentionLimit: args.snapshotRetentionDays,
    snapshotWindow: args.snapshotWindow ?? "02:00-03:00",
    maintenanceWindow: args.maintenanceWindow ?? "sun:05:45-sun:06:45",
    ...(args.snapshotName !== undefined && { snapshotName: args.snapshotName }),
  };
}
