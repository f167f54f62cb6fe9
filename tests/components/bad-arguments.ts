import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../../components/alarm-definition.ts";
import { Alarms } from "../../components/alarms.ts";
import { AuditTrail } from "../../components/audit-trail.ts";
import { Budget } from "../../components/budget.ts";
import { Cache } from "../../components/cache.ts";
import { Connection } from "../../components/connection.ts";
import { DatabaseBootstrap } from "../../components/database-bootstrap.ts";
import { DatabaseProxy } from "../../components/database-proxy.ts";
import { Database } from "../../components/database.ts";
import { EncryptionKey } from "../../components/encryption-key.ts";
import { EventAlerts } from "../../components/event-alerts.ts";
import type { EventDefinition } from "../../components/event-definition.ts";
import { FlowLogs } from "../../components/flow-logs.ts";
import { PolicyDocument } from "../../components/policy-document.ts";
import { PrivateBucket } from "../../components/private-bucket.ts";
import { Role } from "../../components/role.ts";
import { RotationBase } from "../../components/rotation-base.ts";
import { RotationFunction } from "../../components/rotation-function.ts";
import { SecretReminder } from "../../components/secret-reminder.ts";
import { SecretSet } from "../../components/secret-set.ts";
import { Vpc } from "../../components/vpc.ts";
import * as data from "./examples.ts";
import * as maintenance from "./maintenance-examples.ts";

const { accountId, kmsKeyArn, region } = data;
const alarm: AlarmDefinition = {
  name: "disk-full",
  description: "x".repeat(1100),
  runbook: "disk#full",
  metric: {
    namespace: "AWS/RDS",
    metricName: "FreeStorageSpace",
    dimensions: {},
    statistic: "Minimum",
    periodSeconds: 30,
  },
  threshold: 1,
  comparison: "below",
  evaluationPeriods: 1,
};
const event: EventDefinition = {
  name: "failover",
  description: "x".repeat(600),
  runbook: "disk#failover",
  pattern: { source: ["aws.rds"], "detail-type": ["RDS DB Instance Event"] },
};
const peer = { label: "API", securityGroupId: pulumi.output("sg-1") };

/** Several bad arguments of one component at once, and all that it says about them. */
export interface BadArguments {
  make: () => unknown;
  lines: readonly string[];
}

/** How long CloudWatch keeps logs, as every refusal of another period ends. */
export const periods =
  "CloudWatch keeps logs for one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days";

/** Statements that IAM refuses. */
export const statements = [
  { sid: "Read it", actions: [], resources: [] },
  { sid: "Write", actions: ["s3:PutObject"], resources: ["*"] },
  { sid: "Write", actions: ["s3:GetObject"], resources: ["*"] },
];

/** What holds data, watches and permits. */
export const badArguments: Readonly<Record<string, BadArguments>> = {
  Alarms: {
    make: () =>
      new Alarms("alarms", {
        kmsKeyArn,
        accountId,
        region,
        definitions: [
          alarm,
          { ...alarm, description: "Full.", datapointsToAlarm: 2 },
          {
            ...alarm,
            name: "disk-share",
            description: "Full.",
            metric: { ...alarm.metric, periodSeconds: 60 },
            math: { expression: "100 * m", label: "%", others: { size: alarm.metric, Used: alarm.metric } },
            region: "eu-west-2",
          },
        ],
        dashboardName: "macro ai",
      }),
    lines: [
      "definitions[0].description has 1136 characters with its runbook; CloudWatch allows 1024",
      "definitions[0].metric.periodSeconds is 30; give 60 or a multiple of it",
      'definitions[1].name is "disk-full", as another\'s; each alarm needs its own',
      "definitions[1].metric.periodSeconds is 30; give 60 or a multiple of it",
      "definitions[1].datapointsToAlarm is more than the 1 evaluationPeriods",
      "definitions[2].region is eu-west-2, where there is no topic; give kmsKeyArnsElsewhere a key of that region",
      'definitions[2].math.others has the names Used; use a lower-case letter, then letters and digits, and not "result"',
      "definitions[2].math.others have a period of 30 s; an alarm needs one period, the metric's 60 s",
      'dashboardName is "macro ai"; use up to 255 letters, digits, hyphens and underscores',
    ],
  },
  AuditTrail: {
    make: () =>
      new AuditTrail("trail", { kmsKeyArn, accountId, region, retentionDays: 30, logRetentionDays: 91 }),
    lines: [
      `logRetentionDays is 91; ${periods}`,
      "retentionDays is 30; keep the files for at least 90 days, as long as CloudTrail's own history",
    ],
  },
  Budget: {
    make: () => new Budget("budget", { monthlyLimitUsd: 0 }),
    lines: [
      "monthlyLimitUsd is 0; it must be more than 0",
      "email is missing, and so is topicArn: give at least one, else no one is warned",
    ],
  },
  Cache: {
    make: () =>
      new Cache("cache", {
        ...data.cache,
        nodes: 7,
        nodeType: "db.t4g.micro",
        snapshotRetentionDays: 36,
        authToken: "short",
        maintenanceWindow: "sunday",
      }),
    lines: [
      'nodeType is "db.t4g.micro"; give an ElastiCache node type, like "cache.t4g.micro"',
      "nodes is 7; a replication group has 1 to 6 nodes",
      "snapshotRetentionDays is 36; give 0 (no snapshots) to 35",
      "authToken does not have the form AWS wants: 16 to 128 letters, digits and the symbols !&#$^<>-",
      'maintenanceWindow is "sunday"; give days and hours in UTC, like "sun:04:30-sun:05:30"',
    ],
  },
  Connection: {
    make: () =>
      new Connection("api-to-cache", {
        from: peer,
        to: { ...peer, label: "“cache”", port: 70_000 },
        reason: " ",
      }),
    lines: [
      "to.port is 70000; give 1 to 65535",
      "reason is empty; say why the connection exists",
      'reason makes the description "API to “cache”:  "; EC2 takes up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
    ],
  },
  Database: {
    make: () =>
      new Database("Database", {
        ...data.database,
        databaseName: "db",
        engineVersion: "9.6",
        instanceClass: "t4g.medium",
        allocatedStorageGiB: 10,
        maxAllocatedStorageGiB: 10,
        backupRetentionDays: 0,
        logRetentionDays: 8,
        parameters: { "rds.force_ssl": "0", log_statement: "all", shared_preload_libraries: "vector" },
      }),
    lines: [
      'name is "Database"; the instance is named after it: up to 53 lower-case letters, digits and single hyphens, a letter first',
      'databaseName is "db"; up to 63 letters, digits and underscores, no digit first, and not "db"',
      'engineVersion is "9.6"; give a PostgreSQL version that RDS offers, like "15"',
      'instanceClass is "t4g.medium"; give an RDS instance class, like "db.t4g.medium"',
      "allocatedStorageGiB is 10; gp3 takes 20 to 65536",
      "maxAllocatedStorageGiB is 10; autoscaling needs at least 11, a tenth above allocatedStorageGiB, and at most 65536",
      "backupRetentionDays is 0; RDS keeps backups for 1 to 35 days, and 0 would turn them off",
      'parameters["rds.force_ssl"] is "0"; it must stay "1", which refuses unencrypted connections',
      'parameters.log_statement is "all"; it must stay "none", or the passwords of CREATE ROLE and ALTER ROLE are logged; for an audit trail use pgaudit',
      'parameters.shared_preload_libraries names "vector", which RDS rejects; pgvector needs only CREATE EXTENSION vector',
      `logRetentionDays is 8; ${periods}`,
    ],
  },
  DatabaseBootstrap: {
    make: () =>
      new DatabaseBootstrap("bootstrap!", {
        ...maintenance.bootstrap,
        label: "",
        timeoutSeconds: 901,
        network: { ...maintenance.network, reaches: [], internet: "HTTPS to AWS's APIs" },
      }),
    lines: [
      'name is "bootstrap!"; the function is named after it: up to 56 letters, digits, hyphens and underscores',
      'label is ""; say in 1 to 100 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* what the function is',
      "timeoutSeconds is 901; Lambda allows 1 to 900",
      `network.internet is "HTTPS to AWS's APIs"; EC2 takes up to 120 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`,
      "network.reaches is empty; name what the function reaches in the VPC, or leave network out",
    ],
  },
  DatabaseProxy: {
    make: () =>
      new DatabaseProxy("Proxy", {
        ...data.proxy,
        secretArns: [],
        idleClientTimeoutSeconds: 0,
        logRetentionDays: 8,
      }),
    lines: [
      'name is "Proxy"; the proxy is named after it: up to 53 lower-case letters, digits and single hyphens, a letter first',
      "secretArns is empty; give the secret of at least one application user",
      "idleClientTimeoutSeconds is 0; give 1 to 28800",
      `logRetentionDays is 8; ${periods}`,
    ],
  },
  EncryptionKey: {
    make: () => new EncryptionKey("aws/key", { description: "", accountId, region, deletionWindowDays: 0 }),
    lines: [
      'name is "aws/key"; the alias is named after it: letters, digits, _, / and -, and not aws/ at the beginning',
      "description has 0 characters; say in 1 to 8192 what the key encrypts",
      "deletionWindowDays is 0; KMS waits 7 to 30 days",
    ],
  },
  EventAlerts: {
    make: () =>
      new EventAlerts("events", {
        topicArns: { [region]: "arn" },
        region,
        definitions: [event, { ...event, description: "A failover.", region: "eu-west-2" }],
      }),
    lines: [
      "definitions[0].description has 640 characters with its runbook; EventBridge allows 512",
      'definitions[1].name is "failover", as another\'s; each event needs its own',
      "definitions[1].region is eu-west-2, where there is no topic; give topicArns one of that region",
    ],
  },
  FlowLogs: {
    make: () => new FlowLogs("flow", { vpcId: "vpc-1", kmsKeyArn, region, accountId, retentionDays: 8 }),
    lines: [`retentionDays is 8; ${periods}`],
  },
  PolicyDocument: {
    make: () => new PolicyDocument("policy", { statements }),
    lines: [
      'statements[0].sid is "Read it"; IAM takes letters and digits only',
      "statements[0].actions is empty; name at least one action, or leave the statement out",
      "statements[0].resources is empty; name at least one ARN, or leave the statement out",
      'statements[2].sid is "Write", as another\'s; each statement needs its own',
    ],
  },
  PrivateBucket: {
    make: () => new PrivateBucket("files", { expirationDays: 0, previousVersionDays: 1.5 }),
    lines: [
      "expirationDays is 0; give a whole number of days, at least 1",
      "previousVersionDays is 1.5; give a whole number of days, at least 1",
    ],
  },
  Role: {
    make: () => new Role("role", { description: "", service: "ecs-tasks", statements }),
    lines: [
      "description has 0 characters; say in 1 to 1000 what the role is for",
      'service is "ecs-tasks"; name a service by its principal, like "ecs-tasks.amazonaws.com"',
      'statements[0].sid is "Read it"; IAM takes letters and digits only',
      "statements[0].actions is empty; name at least one action, or leave the statement out",
      "statements[0].resources is empty; name at least one ARN, or leave the statement out",
      'statements[2].sid is "Write", as another\'s; each statement needs its own',
    ],
  },
  RotationBase: {
    make: () => new RotationBase("rotation", { ...maintenance.base, logRetentionDays: 8 }),
    lines: [`logRetentionDays is 8; ${periods}`],
  },
  RotationFunction: {
    make: () =>
      new RotationFunction("rotation", {
        ...maintenance.rotation,
        timeoutSeconds: 0,
        statements: [{ sid: "No-Sid", actions: [] }],
        schedule: { days: 0, windowHours: 25 },
      }),
    lines: [
      "timeoutSeconds is 0; Lambda allows 1 to 900",
      'statements[0].sid is "No-Sid"; IAM takes letters and digits only',
      "statements[0].actions is empty; name at least one action, or leave the statement out",
      "schedule.days is 0; Secrets Manager allows 1 to 1000",
      "schedule.windowHours is 25; give 1 to 24",
    ],
  },
  SecretReminder: {
    make: () =>
      new SecretReminder("reminder", {
        ...maintenance.reminder,
        values: [{ secretArn: "arn", field: "", everyDays: 0 }],
      }),
    lines: [
      "values[0].field is empty; name the key of the secret that holds the value",
      "values[0].everyDays is 0; give 1 to 1000",
    ],
  },
  SecretSet: {
    make: () =>
      new SecretSet("secrets", {
        kmsKeyArn,
        accountId,
        path: "macro-ai/",
        recoveryWindowDays: 3,
        secrets: {
          "api keys": { description: "", values: {} },
          "my-secret": { description: "", values: {} },
        },
      }),
    lines: [
      'path is "macro-ai/"; it must begin with a slash and not end with one, for example /macro-ai/staging',
      "recoveryWindowDays is 3; Secrets Manager allows 0 (deleted at once), or 7 to 30",
      "secrets.api keys is not a name: use letters, digits and the characters _+=.@-",
      "secrets.api keys.values is empty; a secret needs at least one key",
      "secrets.my-secret ends in a hyphen and six characters, as an ARN does: choose another name",
      "secrets.my-secret.values is empty; a secret needs at least one key",
    ],
  },
  Vpc: {
    make: () =>
      new Vpc("network", {
        ...data.vpc,
        cidrBlock: "10.0.0.1/16",
        zones: 1,
        zoneNames: ["us-east-1a", "us-east-1b"],
        interfaceEndpoints: ["kms", "kms"],
        flowLogs: { retentionDays: 8, kmsKeyArn },
      }),
    lines: [
      'cidrBlock is "10.0.0.1/16", no IPv4 block from /16 to /20 that begins at its first address; give one like "10.0.0.0/16"',
      "zones is 1; databases and load balancers need at least 2 zones, and no region has more than 6",
      "zoneNames has 2 names for 1 zones; name each zone once, or leave zoneNames out",
      "interfaceEndpoints names kms more than once; name each service once",
      `flowLogs.retentionDays is 8; ${periods}`,
    ],
  },
};
