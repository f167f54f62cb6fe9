import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { websiteAlarms } from "./alarms/website.ts";
import { aws } from "./aws.ts";
import type { LogDestination } from "./log-group.ts";
import { PLACEHOLDER_PAGE } from "./placeholder.ts";
import { PrivateBucket, type AccessLogTarget } from "./private-bucket.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { bucketLog, deliverAccessLog } from "./website-access-log.ts";
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
  /** Takes CloudFront's access log, one line a request. Lies in us-east-1, from where CloudFront delivers. */
  logGroup: LogDestination;
  /** Days for which the access logs of the buckets are kept. */
  logRetentionDays: number;
  /** Whether AWS refuses to delete the buckets while anything is in them. */
  deletionProtection: boolean;
  accountId: pulumi.Input<string>;
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

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: WebsiteArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Website", name, problems(args));
    super("macro-ai:components:Website", name, {}, opts);
    this.#name = name;
    this.accessLogs = bucketLog(name, args, { parent: this });
    const bucket = this.createBucket(name, args);
    const distribution = this.createDistribution(name, args, bucket);
    deliverAccessLog(name, { ...args, distributionArn: distribution.arn }, { parent: this });
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

  /** What deserves watching, in us-east-1: CloudFront's metrics exist nowhere else. */
  public alarms(): AlarmDefinition[] {
    return websiteAlarms(this.#name, this.distributionId);
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
        // Only what is missing gets the page, as a 404; a 403 is the firewall's and stays one.
        customErrorResponses: [
          { errorCode: 404, responseCode: 404, responsePagePath: "/index.html", errorCachingMinTtl: 10 },
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
  const principals = { Service: "cloudfront.amazonaws.com" };
  const conditions = { StringEquals: { "aws:SourceArn": distribution.arn } };
  return bucket.attachPolicy([
    {
      sid: "DistributionReads",
      principals,
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
      conditions,
      wildcard: "All of the client's files",
    },
    {
      // S3 says 404 only to those who may list; to others what is missing looks like what is forbidden. Nobody gets a list:
      // the path "/" is answered with the page before S3 is asked, and query strings do not reach it.
      sid: "DistributionSeesWhatIsMissing",
      principals,
      actions: ["s3:ListBucket"],
      resources: [bucket.arn],
      conditions,
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
