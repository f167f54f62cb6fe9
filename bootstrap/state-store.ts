import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../components/encryption-key.ts";
import type { Statement } from "../components/policy-document.ts";
import { PrivateBucket } from "../components/private-bucket.ts";

/** PCI DSS v4.0.1, 10.5.1: audit logs are kept for at least twelve months. */
const LOG_DAYS = 365;
/** Old versions of a state: who finds out late that it was damaged goes back to one. */
const VERSION_DAYS = 365;

/** The arguments of {@link StateStore}. */
export interface StateStoreArgs {
  accountId: pulumi.Input<string>;
  region: string;
}

/**
 * Where Pulumi keeps the stacks' states: a versioned bucket, its access log, and the key that encrypts the objects and, as
 * `awskms://`, the secrets within them. About USD 1 a month, for the key. Pulumi's S3 backend locks a stack by an object beside
 * its state, so that neither a table nor S3's object lock is needed; the latter would even refuse the deletion of a lock.
 */
export class StateStore extends pulumi.ComponentResource {
  public readonly keyArn: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  /** Known only once the bucket's policy is in force. */
  public readonly bucketName: pulumi.Output<string>;

  constructor(name: string, { accountId, region }: StateStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("macro-ai:bootstrap:StateStore", name, {}, opts);
    const kept = { parent: this, protect: true };
    const key = new EncryptionKey(
      name,
      {
        description: "The states of Pulumi's stacks, and the secrets in their configuration",
        accountId,
        region,
        deletionWindowDays: 30,
      },
      kept,
    );
    // S3's log service writes with its own encryption only (S3 User Guide, "Enabling Amazon S3 server access logging").
    const logs = new PrivateBucket(`${name}-logs`, { expirationDays: LOG_DAYS }, { parent: this });
    const logsName = logs.attachPolicy([logsAreWritten(logs.arn, accountId)]);
    const bucket = new PrivateBucket(
      name,
      {
        kmsKeyArn: key.arn,
        previousVersionDays: VERSION_DAYS,
        accessLogs: { bucketName: logsName, prefix: "state/" },
      },
      kept,
    );
    this.keyArn = key.arn;
    this.bucketArn = bucket.arn;
    this.bucketName = bucket.attachPolicy([]);
    this.registerOutputs({ keyArn: this.keyArn, bucketName: this.bucketName });
  }
}

/** S3 User Guide, "Granting access to the logging service principal using a bucket policy". */
function logsAreWritten(bucketArn: pulumi.Output<string>, accountId: pulumi.Input<string>): Statement {
  return {
    sid: "LogServiceWrites",
    principals: { Service: "logging.s3.amazonaws.com" },
    actions: ["s3:PutObject"],
    resources: [pulumi.interpolate`${bucketArn}/state/*`],
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
    wildcard: "S3 names the files by account, bucket and time",
  };
}
