import assert from "node:assert/strict";
import vm from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { Website, type WebsiteArgs } from "../../components/website.ts";
import { accountId, kmsKeyArn } from "./examples.ts";
import { run, valueOf, type Recording } from "./mocks.ts";
import { certificateArn, website } from "./serving-examples.ts";
import { without } from "./without.ts";

const distributionArn = "arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGHIJKL";

function make(changes: Partial<WebsiteArgs> = {}) {
  return run(() => new Website("app", { ...website, ...changes }), {
    outputs: {
      "aws:cloudfront/distribution:Distribution": () => ({
        arn: distributionArn,
        domainName: "d111111abcdef8.cloudfront.net",
        hostedZoneId: "Z2FDTNDATAQYW2",
      }),
      "random:index/randomId:RandomId": () => ({ hex: "1a2b3c4d" }),
      "aws:s3/bucket:Bucket": ({ name }) => ({
        bucket: name,
        arn: `arn:aws:s3:::${name}`,
        bucketRegionalDomainName: `${name}.s3.us-east-1.amazonaws.com`,
      }),
    },
  });
}

function distribution(recording: Recording): Readonly<Record<string, unknown>> {
  return recording.one("Distribution").inputs;
}

describe("Website", () => {
  it("serves its names over TLS 1.2 and newer, compressed, from the chosen edges", async () => {
    const { recording } = await make({ priceClass: "PriceClass_200" });
    assert.partialDeepStrictEqual(distribution(recording), {
      aliases: ["app.macro-ai.com"],
      priceClass: "PriceClass_200",
      isIpv6Enabled: true,
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https", compress: true },
    });
  });

  it("fetches with signed requests from a bucket that admits this distribution alone", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("OriginAccessControl").inputs, {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    assert.deepEqual(distribution(recording)["origins"], [
      {
        originId: "assets",
        domainName: "app-assets.s3.us-east-1.amazonaws.com",
        originAccessControlId: "app-id",
      },
    ]);
    const statements = recording.statements(recording.one("BucketPolicy", "app-assets"));
    assert.deepEqual(statements[1], {
      sid: "DistributionReads",
      principals: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:GetObject"],
      resources: ["arn:aws:s3:::app-assets/*"],
      conditions: { StringEquals: { "aws:SourceArn": distributionArn } },
      wildcard: "All of the client's files",
    });
  });

  it("keeps its files private, encrypted and versioned", async () => {
    const { recording } = await make();
    assert.deepEqual(recording.one("BucketServerSideEncryptionConfiguration", "app-assets").inputs["rules"], [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      },
    ]);
    for (const bucket of ["app-assets", "app-logs"]) {
      assert.partialDeepStrictEqual(recording.one("BucketPublicAccessBlock", bucket).inputs, {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      assert.deepEqual(recording.one("BucketOwnershipControls", bucket).inputs["rule"], {
        objectOwnership: "BucketOwnerEnforced",
      });
      assert.deepEqual(recording.one("BucketVersioning", bucket).inputs["versioningConfiguration"], {
        status: "Enabled",
      });
      assert.equal(recording.statements(recording.one("BucketPolicy", bucket))[0]?.["sid"], "DenyPlaintext");
    }
  });

  it("gives the application's own paths its page and leaves files alone", async () => {
    const { recording } = await make();
    const { code } = recording.one("aws:cloudfront/function:Function").inputs as { code: string };
    const rewritten = (uri: string): unknown =>
      vm.runInNewContext(`${code}; handler({ request: { uri: ${JSON.stringify(uri)} } }).uri`);
    assert.equal(rewritten("/"), "/index.html");
    assert.equal(rewritten("/chats/42"), "/index.html");
    assert.equal(rewritten("/v1.2/chats"), "/index.html");
    assert.equal(rewritten("/assets/app-1a2b.js"), "/assets/app-1a2b.js");
  });

  it("answers 404 for what is missing, and leaves the firewall's 403 as it is", async () => {
    const { recording } = await make();
    assert.deepEqual(distribution(recording)["customErrorResponses"], [
      { errorCode: 404, responseCode: 404, responsePagePath: "/index.html", errorCachingMinTtl: 10 },
    ]);
    // Without the right to list, S3 answers 403 for what is missing.
    const statements = recording.statements(recording.one("BucketPolicy", "app-assets"));
    assert.deepEqual(statements[2], {
      sid: "DistributionSeesWhatIsMissing",
      principals: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:ListBucket"],
      resources: ["arn:aws:s3:::app-assets"],
      conditions: { StringEquals: { "aws:SourceArn": distributionArn } },
    });
  });

  it("gives nobody a list of its files, although it may ask S3 for one", async () => {
    const { recording } = await make();
    // S3 lists a bucket at its root, as the query string says: the root is the page's, and no query string gets through.
    const { defaultCacheBehavior, defaultRootObject } = distribution(recording) as {
      defaultRootObject: string;
      defaultCacheBehavior: { cachePolicyId: string; originRequestPolicyId?: string };
    };
    assert.equal(defaultRootObject, "index.html");
    // CachingOptimized forwards neither query strings nor cookies.
    assert.equal(defaultCacheBehavior.cachePolicyId, "658327ea-f89d-4fab-a63d-7e88639e58f6");
    assert.equal(defaultCacheBehavior.originRequestPolicyId, undefined);
    const { code } = recording.one("aws:cloudfront/function:Function").inputs as { code: string };
    for (const uri of ["/", "//", "/assets/"]) {
      const asked: unknown = vm.runInNewContext(
        `${code}; handler({ request: { uri: ${JSON.stringify(uri)} } }).uri`,
      );
      assert.equal(asked, "/index.html", uri);
    }
  });

  it("sends security headers, and lets the page call the API", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("ResponseHeadersPolicy").inputs, {
      securityHeadersConfig: {
        strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY" },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin" },
      },
    });
    const { securityHeadersConfig } = recording.one("ResponseHeadersPolicy").inputs as {
      securityHeadersConfig: { contentSecurityPolicy: { contentSecurityPolicy: string } };
    };
    const policy = securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy;
    assert.match(policy, /default-src 'self'; connect-src 'self' https:\/\/api\.macro-ai\.com;/);
    assert.match(policy, /frame-ancestors 'none'/);
  });

  it("logs each request into its log group, without query strings and cookies", async () => {
    const { recording } = await make();
    const { recordFields } = recording.one("LogDelivery").inputs as { recordFields: string[] };
    assert.ok(recordFields.includes("cs-uri-stem"));
    assert.ok(!recordFields.some((field) => /query|cookie/i.test(field)));
    assert.partialDeepStrictEqual(recording.one("LogDeliveryDestination").inputs, {
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: website.logGroup.arn },
    });
  });

  it("lets the log's delivery write there for this account, before it begins", async () => {
    const { recording } = await make();
    const policy = recording.one("LogResourcePolicy");
    assert.deepEqual(recording.statements(policy), [
      {
        sid: "DeliveryWrites",
        principals: { Service: "delivery.logs.amazonaws.com" },
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [`arn:aws:logs:us-east-1:${accountId}:log-group:/ecs/macro-ai-ui:log-stream:*`],
        conditions: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${accountId}:*` },
        },
        wildcard: "The log streams of the one group, whose names the writing service invents",
      },
    ]);
    assert.ok(recording.one("LogDeliveryDestination").options.dependencies.includes(policy.urn));
  });

  it("logs its bucket's requests into a bucket that only S3's log service may write", async () => {
    const { recording } = await make();
    const statements = recording.statements(recording.one("BucketPolicy", "app-logs"));
    assert.deepEqual(
      statements.map(({ sid, principals }) => [sid, (principals as Record<string, string>)["Service"]]),
      [
        ["DenyPlaintext", undefined],
        ["BucketLogs", "logging.s3.amazonaws.com"],
      ],
    );
    assert.partialDeepStrictEqual(statements[1]?.["conditions"], {
      StringEquals: { "aws:SourceAccount": accountId },
    });
    assert.partialDeepStrictEqual(recording.one("BucketLogging").inputs, { targetPrefix: "s3/" });
  });

  it("delivers its log from us-east-1, wherever the stack is", async () => {
    const { recording } = await make();
    for (const type of ["LogDelivery", "LogDeliverySource", "LogDeliveryDestination", "LogResourcePolicy"]) {
      assert.equal(recording.one(type).inputs["region"], "us-east-1", type);
    }
  });

  it("shows a page before the first upload, and never puts it back over the application's", async () => {
    const { recording } = await make();
    const page = recording.one("BucketObjectv2");
    assert.partialDeepStrictEqual(page.inputs, { key: "index.html", cacheControl: "no-cache" });
    assert.ok(page.options.ignoreChanges.includes("content"));
    assert.ok(page.options.dependencies.includes(recording.one("BucketPolicy", "app-assets").urn));
  });

  it("stands behind a firewall where there is one", async () => {
    const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/firewall/1";
    assert.equal(distribution((await make({ webAclArn })).recording)["webAclId"], webAclArn);
    assert.equal(distribution((await make()).recording)["webAclId"], undefined);
  });

  it("is found by its first alias, else by CloudFront's name", async () => {
    assert.equal(await valueOf((await make()).result.url), "https://app.macro-ai.com");
    const rest = without(website, "certificateArn");
    const { result, recording } = await run(() => new Website("app", { ...rest, aliases: [] }), {
      outputs: { "aws:cloudfront/distribution:Distribution": () => ({ domainName: "d1.cloudfront.net" }) },
    });
    assert.equal(await valueOf(result.url), "https://d1.cloudfront.net");
    assert.deepEqual(distribution(recording)["viewerCertificate"], { cloudfrontDefaultCertificate: true });
  });

  it("has alarms in us-east-1, where CloudFront's metrics are", async () => {
    const { result } = await make();
    assert.deepEqual(
      result.alarms().map(({ name, region }) => [name, region]),
      [
        ["app-5xx-rate", "us-east-1"],
        ["app-4xx-rate", "us-east-1"],
      ],
    );
    const refused = result.alarms().find(({ name }) => name === "app-4xx-rate");
    assert.equal(refused?.math?.expression, "IF(requests >= 100, m, 0)");
    assert.partialDeepStrictEqual(refused.math.others?.["requests"], {
      metricName: "Requests",
      statistic: "Sum",
    });
  });

  it("refuses aliases without a certificate", () => {
    const rest = without(website, "certificateArn");
    assert.throws(
      () => new Website("app", { ...rest, logRetentionDays: 0 }),
      (error: unknown) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map(({ propertyPath }) => propertyPath),
          ["certificateArn", "logRetentionDays"],
        );
        return true;
      },
    );
  });
});
