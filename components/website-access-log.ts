import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { CLOUDFRONT_REGION } from "./cloudfront-region.ts";
import { STREAMS, type LogDestination } from "./log-group.ts";
import { PolicyDocument } from "./policy-document.ts";
import { PrivateBucket, type AccessLogTarget } from "./private-bucket.ts";
import { uniqueName } from "./unique-name.ts";

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
 * Logs each request to a distribution into a log group, where it can be searched beside the API's. CloudFront's older logging
 * needs a bucket with ACLs; its newer one comes through CloudWatch's log delivery. USD 0.50 per GB, a third of a kilobyte a request.
 */
export function deliverAccessLog(
  name: string,
  args: { distributionArn: pulumi.Input<string>; logGroup: LogDestination; accountId: pulumi.Input<string> },
  opts: pulumi.ComponentResourceOptions,
): void {
  const place = { region: CLOUDFRONT_REGION };
  const source = new aws.cloudwatch.LogDeliverySource(
    name,
    { logType: "ACCESS_LOGS", resourceArn: args.distributionArn, ...place },
    opts,
  );
  const policy = admitDelivery(name, args, opts);
  const destination = new aws.cloudwatch.LogDeliveryDestination(
    name,
    {
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: args.logGroup.arn },
      ...place,
    },
    { ...opts, dependsOn: [policy] },
  );
  new aws.cloudwatch.LogDelivery(
    name,
    {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: RECORD_FIELDS,
      ...place,
    },
    opts,
  );
}

/**
 * Lets the delivery write into the log group (CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs"). AWS would add such a
 * policy itself, for all log groups of the account, if the deployer may.
 */
function admitDelivery(
  name: string,
  { logGroup, accountId }: { logGroup: LogDestination; accountId: pulumi.Input<string> },
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  const document = new PolicyDocument(
    `${name}-access-log-policy`,
    {
      statements: [
        {
          sid: "DeliveryWrites",
          principals: { Service: "delivery.logs.amazonaws.com" },
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:log-stream:*`],
          wildcard: STREAMS,
          conditions: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: {
              "aws:SourceArn": pulumi.interpolate`arn:aws:logs:${CLOUDFRONT_REGION}:${accountId}:*`,
            },
          },
        },
      ],
    },
    opts,
  );
  return new aws.cloudwatch.LogResourcePolicy(
    name,
    {
      policyName: uniqueName(`${name}-access-log`, { parent: document }),
      policyDocument: document.json,
      region: CLOUDFRONT_REGION,
    },
    { parent: document },
  );
}

/** The arguments of {@link bucketLog}. */
export interface BucketLogArgs {
  logRetentionDays: number;
  deletionProtection: boolean;
  accountId: pulumi.Input<string>;
}

/** Below this S3 logs the requests to the account's buckets. */
const BUCKET_LOG_PREFIX = "s3/";

/** A bucket for the access logs of buckets, which S3 writes nowhere else. */
export function bucketLog(
  name: string,
  args: BucketLogArgs,
  opts: pulumi.ComponentResourceOptions,
): AccessLogTarget {
  const bucket = new PrivateBucket(
    `${name}-logs`,
    // No key: a customer's key would have to admit one more service for logs that hold no secrets.
    { expirationDays: args.logRetentionDays, forceDestroy: !args.deletionProtection },
    opts,
  );
  const bucketName = bucket.attachPolicy([
    {
      sid: "BucketLogs",
      principals: { Service: "logging.s3.amazonaws.com" },
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${bucket.arn}/${BUCKET_LOG_PREFIX}*`],
      wildcard: "S3 names the files; the prefix is theirs alone",
      conditions: { StringEquals: { "aws:SourceAccount": args.accountId } },
    },
  ]);
  return { bucketName, prefix: BUCKET_LOG_PREFIX };
}
