import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { PrivateBucket } from "./private-bucket.ts";

/** What the access log of a website must know. */
export interface AccessLogArgs {
  logRetentionDays: number;
  deletionProtection: boolean;
  accountId: pulumi.Input<string>;
}

/** Where a website's requests are logged. */
export interface AccessLog {
  /** Known only when the log services may write. */
  bucketName: pulumi.Output<string>;
  /** Begins to log a distribution. */
  deliver: (distribution: awsTypes.cloudfront.Distribution) => void;
}

/** Below this S3 logs the requests to the account's buckets. */
export const BUCKET_LOG_PREFIX = "s3/";

/** CloudFront is run from here, and so is the delivery of its logs. */
const CLOUDFRONT_REGION = "us-east-1";

/** What CloudFront logs of each request, without query strings and cookies: they carry secrets. */
const RECORD_FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "cs(Referer)",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-request-id",
  "cs-protocol",
  "time-taken",
  "ssl-protocol",
  "ssl-cipher",
  "x-edge-detailed-result-type",
];

/**
 * A bucket for CloudFront's and S3's access logs. CloudFront's older logging needs ACLs, which the bucket does not
 * allow; its newer one comes through CloudWatch's log delivery, which asks nothing for files in S3.
 */
export function createAccessLog(
  name: string,
  args: AccessLogArgs,
  opts: pulumi.ComponentResourceOptions,
): AccessLog {
  const bucket = new PrivateBucket(
    `${name}-logs`,
    // No key: a customer's key would have to admit two more services for logs that hold no secrets.
    { expirationDays: args.logRetentionDays, forceDestroy: !args.deletionProtection },
    opts,
  );
  const bucketName = bucket.attachPolicy([
    {
      sid: "CloudFrontLogs",
      principals: { Service: "delivery.logs.amazonaws.com" },
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${args.accountId}/*`],
      conditions: {
        StringEquals: { "aws:SourceAccount": args.accountId },
        ArnLike: {
          "aws:SourceArn": pulumi.interpolate`arn:aws:logs:${CLOUDFRONT_REGION}:${args.accountId}:delivery-source:*`,
        },
      },
    },
    {
      sid: "BucketLogs",
      principals: { Service: "logging.s3.amazonaws.com" },
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${bucket.arn}/${BUCKET_LOG_PREFIX}*`],
      conditions: { StringEquals: { "aws:SourceAccount": args.accountId } },
    },
  ]);
  return { bucketName, deliver: (distribution) => deliver(name, distribution, bucket, bucketName, opts) };
}

function deliver(
  name: string,
  distribution: awsTypes.cloudfront.Distribution,
  bucket: PrivateBucket,
  bucketName: pulumi.Output<string>,
  opts: pulumi.ComponentResourceOptions,
): void {
  const source = new aws.cloudwatch.LogDeliverySource(
    name,
    { logType: "ACCESS_LOGS", resourceArn: distribution.arn, region: CLOUDFRONT_REGION },
    opts,
  );
  const destination = new aws.cloudwatch.LogDeliveryDestination(
    name,
    {
      outputFormat: "json",
      deliveryDestinationConfiguration: {
        // Waits for the bucket's policy: AWS tries it at once.
        destinationResourceArn: pulumi.all([bucket.arn, bucketName]).apply(([arn]) => arn),
      },
      region: CLOUDFRONT_REGION,
    },
    opts,
  );
  new aws.cloudwatch.LogDelivery(
    name,
    {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: RECORD_FIELDS,
      s3DeliveryConfigurations: [
        { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}", enableHiveCompatiblePath: false },
      ],
      region: CLOUDFRONT_REGION,
    },
    opts,
  );
}
