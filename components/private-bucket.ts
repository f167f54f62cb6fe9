import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { denyPlaintext, PolicyDocument, type Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** A bucket for access logs that lets S3's log service write below the prefix. */
export interface AccessLogTarget {
  bucketName: pulumi.Input<string>;
  /** With a trailing slash; account, region, bucket and day follow by themselves. */
  prefix: string;
}

/** The arguments of {@link PrivateBucket}. */
export interface PrivateBucketArgs {
  /** A key of the bucket's region. @default - SSE-S3 (AES256), the only encryption that load balancers can log into */
  kmsKeyArn?: pulumi.Input<string>;
  /** Days after which an object expires. @default - never */
  expirationDays?: number;
  /** Days for which the version before an overwrite or a deletion is kept. @default 30 */
  previousVersionDays?: number;
  /** Where S3 logs each request to this bucket. @default - nowhere */
  accessLogs?: AccessLogTarget;
  /** Whether deleting the bucket deletes what is in it; otherwise AWS refuses while anything is. @default false */
  forceDestroy?: boolean;
  /** Whether the bucket, as it is guarded, and what is in it stay in AWS when the stack no longer has it. @default false */
  retain?: boolean;
}

/**
 * A bucket that nobody reaches by accident: public access blocked, object ownership enforced (no ACLs), encrypted,
 * versioned, TLS only, unfinished uploads swept away. USD 0.023 per GB and month, old versions included. A new name
 * replaces it; so does nothing else.
 *
 * Its policy often names something that must know the bucket first (a distribution, a trail), so the owner attaches it
 * by one call of {@link attachPolicy}, without which the bucket accepts plain HTTP.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly bucketName: pulumi.Output<string>;
  /** Where CloudFront fetches from. */
  public readonly regionalDomainName: pulumi.Output<string>;

  readonly #name: string;
  /** Its parts go or stay together: left without them it would be an open bucket. */
  readonly #part: pulumi.CustomResourceOptions;
  readonly #publicAccessBlock: awsTypes.s3.BucketPublicAccessBlock;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("PrivateBucket", name, problems(args));
    super("macro-ai:components:PrivateBucket", name, {}, opts);
    this.#name = name;
    this.#part = { parent: this, retainOnDelete: args.retain ?? false };
    const bucket = new aws.s3.Bucket(name, { forceDestroy: args.forceDestroy ?? false }, this.#part);
    this.#publicAccessBlock = this.guard(name, bucket);
    this.encrypt(name, bucket, args);
    this.expire(name, bucket, args);
    if (args.accessLogs) {
      const { bucketName, prefix } = args.accessLogs;
      new aws.s3.BucketLogging(
        name,
        {
          bucket: bucket.bucket,
          targetBucket: bucketName,
          targetPrefix: prefix,
          targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
        },
        this.#part,
      );
    }
    this.arn = bucket.arn;
    this.bucketName = bucket.bucket;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.registerOutputs({ arn: this.arn, bucketName: this.bucketName });
  }

  /**
   * Attaches the statements and the demand for TLS: once a bucket. Returns the bucket's name, known only when the policy
   * is in force, for services that try to write as soon as they know the bucket.
   */
  public attachPolicy(statements: Statement[]): pulumi.Output<string> {
    const document = new PolicyDocument(
      `${this.#name}-policy`,
      {
        statements: [denyPlaintext(["s3:*"], [this.arn, pulumi.interpolate`${this.arn}/*`]), ...statements],
      },
      { parent: this },
    );
    const policy = new aws.s3.BucketPolicy(
      this.#name,
      { bucket: this.bucketName, policy: document.json },
      // S3 refuses two changes of a bucket's access at the same time.
      { ...this.#part, parent: document, dependsOn: [this.#publicAccessBlock] },
    );
    return pulumi.all([this.bucketName, policy.id]).apply(([bucketName]) => bucketName);
  }

  private guard(name: string, bucket: awsTypes.s3.Bucket): awsTypes.s3.BucketPublicAccessBlock {
    new aws.s3.BucketOwnershipControls(
      name,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.#part,
    );
    return new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.#part,
    );
  }

  private encrypt(name: string, bucket: awsTypes.s3.Bucket, args: PrivateBucketArgs): void {
    const rule =
      args.kmsKeyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn },
            // One KMS request serves many objects.
            bucketKeyEnabled: true,
          };
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: bucket.bucket, rules: [rule] },
      this.#part,
    );
  }

  private expire(name: string, bucket: awsTypes.s3.Bucket, args: PrivateBucketArgs): void {
    const versioning = new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      this.#part,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            ...(args.expirationDays !== undefined && { expiration: { days: args.expirationDays } }),
            noncurrentVersionExpiration: { noncurrentDays: args.previousVersionDays ?? 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { ...this.#part, dependsOn: [versioning] },
    );
  }
}

function problems({ expirationDays, previousVersionDays }: PrivateBucketArgs): Problem[] {
  return broken(
    Object.entries({ expirationDays, previousVersionDays }).map(([path, days]) => ({
      path,
      holds: days === undefined || (Number.isInteger(days) && days >= 1),
      message: `is ${days ?? ""}; give a whole number of days, at least 1`,
    })),
  );
}
