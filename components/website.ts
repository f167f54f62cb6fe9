import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { websiteAlarms } from "./alarms/website.ts";
import { aws } from "./aws.ts";
import { PLACEHOLDER_PAGE } from "./placeholder.ts";
import { PrivateBucket, type AccessLogTarget } from "./private-bucket.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { BUCKET_LOG_PREFIX, createAccessLog } from "./website-access-log.ts";
import { createFallback, createResponseHeaders } from "./website-edge.ts";

/** The arguments of {@link Website}. */
export interface WebsiteArgs {
  /** Its names in full: `app.macro-ai.com`. An empty list leaves the name that CloudFront gives it. */
  aliases: string[];
  /** A certificate in us-east-1 for the aliases. @default - CloudFront's own, which serves no aliases */
  certificateArn?: pulumi.Input<string>;
  /** Which edges serve it: 100 North America and Europe, 200 most of the world, All. @default "PriceClass_100" */
  priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** A CLOUDFRONT web ACL. @default - none */
  webAclArn?: pulumi.Input<string>;
  /** Must let cloudfront.amazonaws.com decrypt. @default - SSE-S3 */
  kmsKeyArn?: pulumi.Input<string>;
  /** What the page may call: the API's origin. @default - only its own */
  connectSources?: pulumi.Input<string>[];
  /** Days for which access logs are kept. */
  logRetentionDays: number;
  /** Whether AWS refuses to delete the buckets while anything is in them. */
  deletionProtection: boolean;
  accountId: pulumi.Input<string>;
  /** The stack's region, where the buckets lie. */
  region: string;
}

/** AWS's managed policy CachingOptimized: caches by path, obeys Cache-Control, compresses. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const ORIGIN_ID = "assets";

/**
 * A single-page application: its files in a private bucket that only CloudFront may read (origin access control), TLS 1.2
 * from the viewer on, security headers, compression, access logs. Paths without a file extension get index.html, missing
 * files a 404. Until the pipeline uploads the application, a page says that there is none.
 *
 * Costs a few cents a month: USD 0.023 per GB stored, the first 1 TB and 10 million requests free, then 0.085 per GB and
 * 0.01 per 10,000. Changes apply in place within minutes; a new name replaces everything.
 */
export class Website extends pulumi.ComponentResource {
  /** Without a trailing slash. */
  public readonly url: pulumi.Output<string>;
  /** CloudFront's own name for it, for alias records. */
  public readonly domainName: pulumi.Output<string>;
  /** The hosted zone of `domainName`. */
  public readonly hostedZoneId: pulumi.Output<string>;
  /** Where the pipeline uploads the files. */
  public readonly bucketName: pulumi.Output<string>;
  public readonly distributionId: pulumi.Output<string>;
  /** Takes the access logs of the stack's other buckets, too. */
  public readonly accessLogs: AccessLogTarget;

  readonly #name: string;
  readonly #region: string;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: WebsiteArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Website", name, problems(args));
    super("macro-ai:components:Website", name, {}, opts);
    this.#name = name;
    this.#region = args.region;
    const log = createAccessLog(name, args, { parent: this });
    this.accessLogs = { bucketName: log.bucketName, prefix: BUCKET_LOG_PREFIX };
    const bucket = this.createBucket(name, args);
    const distribution = this.createDistribution(name, args, bucket);
    log.deliver(distribution);
    const readableBucketName = admit(bucket, distribution);
    this.createPlaceholder(name, readableBucketName);
    const [alias] = args.aliases;
    this.url = pulumi.interpolate`https://${alias ?? distribution.domainName}`;
    this.domainName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
    this.bucketName = bucket.bucketName;
    this.distributionId = distribution.id;
    this.registerOutputs({
      url: this.url,
      domainName: this.domainName,
      bucketName: this.bucketName,
      distributionId: this.distributionId,
    });
  }

  /** What deserves watching. CloudFront's metrics exist in us-east-1 only: elsewhere there is nothing to watch. */
  public alarms(): AlarmDefinition[] {
    return this.#region === "us-east-1" ? websiteAlarms(this.#name, this.distributionId) : [];
  }

  private createBucket(name: string, args: WebsiteArgs): PrivateBucket {
    return new PrivateBucket(
      `${name}-assets`,
      {
        forceDestroy: !args.deletionProtection,
        accessLogs: this.accessLogs,
        ...(args.kmsKeyArn !== undefined && { kmsKeyArn: args.kmsKeyArn }),
      },
      { parent: this },
    );
  }

  private createDistribution(
    name: string,
    args: WebsiteArgs,
    bucket: PrivateBucket,
  ): awsTypes.cloudfront.Distribution {
    const access = new aws.cloudfront.OriginAccessControl(
      name,
      {
        description: "Signs the requests to the assets",
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      { parent: this },
    );
    const headers = createResponseHeaders(name, args.connectSources ?? [], { parent: this });
    const fallback = createFallback(name, { parent: this });
    return new aws.cloudfront.Distribution(
      name,
      {
        enabled: true,
        comment: name,
        aliases: args.aliases,
        isIpv6Enabled: true,
        httpVersion: "http2and3",
        priceClass: args.priceClass ?? "PriceClass_100",
        defaultRootObject: "index.html",
        origins: [
          {
            originId: ORIGIN_ID,
            domainName: bucket.regionalDomainName,
            originAccessControlId: access.id,
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: ORIGIN_ID,
          viewerProtocolPolicy: "redirect-to-https",
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
          cachedMethods: ["GET", "HEAD"],
          compress: true,
          cachePolicyId: CACHING_OPTIMIZED,
          responseHeadersPolicyId: headers.id,
          functionAssociations: [{ eventType: "viewer-request", functionArn: fallback.arn }],
        },
        // A bucket that may not be listed answers 403 for what is not there.
        customErrorResponses: [
          { errorCode: 403, responseCode: 404, responsePagePath: "/index.html", errorCachingMinTtl: 10 },
        ],
        viewerCertificate: viewerCertificate(args.certificateArn),
        restrictions: { geoRestriction: { restrictionType: "none" } },
        ...(args.webAclArn !== undefined && { webAclId: args.webAclArn }),
      },
      { parent: this },
    );
  }

  private createPlaceholder(name: string, bucketName: pulumi.Output<string>): void {
    new aws.s3.BucketObjectv2(
      `${name}-index`,
      {
        bucket: bucketName,
        key: "index.html",
        content: PLACEHOLDER_PAGE,
        contentType: "text/html; charset=utf-8",
        cacheControl: "no-cache",
      },
      // From the first upload on it is the pipeline's.
      { parent: this, ignoreChanges: ["cacheControl", "content", "contentType", "metadata"] },
    );
  }
}

function admit(bucket: PrivateBucket, distribution: awsTypes.cloudfront.Distribution): pulumi.Output<string> {
  return bucket.attachPolicy([
    {
      sid: "DistributionReads",
      principals: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
      conditions: { StringEquals: { "aws:SourceArn": distribution.arn } },
    },
  ]);
}

function viewerCertificate(
  certificateArn: pulumi.Input<string> | undefined,
): awsTypes.types.input.cloudfront.DistributionViewerCertificate {
  if (certificateArn === undefined) return { cloudfrontDefaultCertificate: true };
  return {
    acmCertificateArn: certificateArn,
    minimumProtocolVersion: "TLSv1.2_2021",
    sslSupportMethod: "sni-only",
  };
}

function problems(args: WebsiteArgs): Problem[] {
  return broken([
    {
      path: "certificateArn",
      holds: args.aliases.length === 0 || args.certificateArn !== undefined,
      message: `is left out, but ${args.aliases.join(", ")} needs a certificate in us-east-1: pass the domain's`,
    },
    {
      path: "logRetentionDays",
      holds: Number.isInteger(args.logRetentionDays) && args.logRetentionDays >= 1,
      message: `is ${args.logRetentionDays}; give a whole number of days, at least 1`,
    },
  ]);
}
