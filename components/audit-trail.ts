import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { auditTrailAlarm, auditTrailEvent } from "./alarms/audit-trail.ts";
import { aws } from "./aws.ts";
import type { EventDefinition } from "./event-definition.ts";
import { logGroup, retentionProblems, STREAMS } from "./log-group.ts";
import type { Conditions, Statement } from "./policy-document.ts";
import { PrivateBucket, type AccessLogTarget } from "./private-bucket.ts";
import { throwProblems, type Problem } from "./problems.ts";
import { Role } from "./role.ts";
import { uniqueName } from "./unique-name.ts";

/** The arguments of {@link AuditTrail}. */
export interface AuditTrailArgs {
  /** Must let cloudtrail.amazonaws.com and logs.<region>.amazonaws.com encrypt. */
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  /** Days for which the trail's files are kept. */
  retentionDays: number;
  /** Days for which the same events can be searched in CloudWatch Logs. */
  logRetentionDays: number;
  /** Where it is logged who reads the files (CIS AWS Foundations 3.4). @default - nowhere */
  accessLogs?: AccessLogTarget;
}

/**
 * Who did what in the account: one CloudTrail trail of all regions' management events, encrypted, with digests that
 * prove the files untouched, in a bucket that only CloudTrail writes to, and searchable in CloudWatch Logs. Once an
 * account. The first trail's events are free; S3 storage USD 0.023 per GB and month, CloudWatch Logs 0.50 per GB.
 * A new name replaces the trail and begins a new bucket; the old one stays.
 */
export class AuditTrail extends pulumi.ComponentResource {
  public readonly trailArn: pulumi.Output<string>;
  public readonly bucketName: pulumi.Output<string>;

  readonly #logGroup: awsTypes.cloudwatch.LogGroup;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("AuditTrail", name, problems(args));
    super("macro-ai:components:AuditTrail", name, {}, opts);
    const trailName = uniqueName(name, { parent: this });
    const trailArn = pulumi.interpolate`arn:aws:cloudtrail:${args.region}:${args.accountId}:trail/${trailName}`;
    const bucket = new PrivateBucket(
      `${name}-files`,
      // Its policy lets nobody delete the files, so it can never be emptied.
      {
        kmsKeyArn: args.kmsKeyArn,
        expirationDays: args.retentionDays,
        retain: true,
        ...(args.accessLogs && { accessLogs: args.accessLogs }),
      },
      { parent: this },
    );
    this.#logGroup = logGroup(
      `${name}-events`,
      { retentionDays: args.logRetentionDays, kmsKeyArn: args.kmsKeyArn },
      { parent: this },
    );
    const trail = new aws.cloudtrail.Trail(
      name,
      {
        name: trailName,
        s3BucketName: bucket.attachPolicy(bucketStatements(bucket.arn, trailArn, args.accountId)),
        kmsKeyId: args.kmsKeyArn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        cloudWatchLogsGroupArn: pulumi.interpolate`${this.#logGroup.arn}:*`,
        cloudWatchLogsRoleArn: this.createLogRole(name, trailArn).readyArn,
      },
      { parent: this },
    );
    this.trailArn = trail.arn;
    this.bucketName = bucket.bucketName;
    this.registerOutputs({ trailArn: this.trailArn, bucketName: this.bucketName });
  }

  /** What deserves watching. */
  public alarms(): AlarmDefinition[] {
    return [auditTrailAlarm(this.#logGroup.name)];
  }

  /** What the trail itself tells when somebody tampers with it. */
  public events(): EventDefinition[] {
    return [auditTrailEvent()];
  }

  private createLogRole(name: string, trailArn: pulumi.Output<string>): Role {
    return new Role(
      `${name}-logs`,
      {
        description: "Lets CloudTrail write the account's events to CloudWatch Logs",
        service: "cloudtrail.amazonaws.com",
        trustConditions: onlyFor(trailArn),
        statements: [
          {
            sid: "WriteEvents",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${this.#logGroup.arn}:log-stream:*`],
            wildcard: STREAMS,
          },
        ],
      },
      { parent: this },
    );
  }
}

function onlyFor(trailArn: pulumi.Output<string>): Conditions {
  return { StringEquals: { "aws:SourceArn": trailArn } };
}

/** What CloudTrail checks and writes (CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"). */
function bucketStatements(
  bucketArn: pulumi.Output<string>,
  trailArn: pulumi.Output<string>,
  accountId: pulumi.Input<string>,
): Statement[] {
  const principals = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      sid: "TrailChecksBucket",
      principals,
      actions: ["s3:GetBucketAcl"],
      resources: [bucketArn],
      conditions: onlyFor(trailArn),
    },
    {
      sid: "TrailWrites",
      principals,
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`],
      wildcard: "CloudTrail names the files, below a prefix that AWS prescribes",
      conditions: {
        StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
      },
    },
    {
      // An audit trail that can be edited proves nothing: files leave by their lifecycle alone.
      sid: "DenyDeletion",
      effect: "Deny",
      principals: { AWS: "*" },
      actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      resources: [pulumi.interpolate`${bucketArn}/*`],
      wildcard: "A denial must reach every caller and every file",
    },
  ];
}

function problems(args: AuditTrailArgs): Problem[] {
  const found = retentionProblems("logRetentionDays", args.logRetentionDays);
  if (!Number.isInteger(args.retentionDays) || args.retentionDays < 90) {
    found.push({
      path: "retentionDays",
      message: `is ${args.retentionDays}; keep the files for at least 90 days, as long as CloudTrail's own history`,
    });
  }
  return found;
}
