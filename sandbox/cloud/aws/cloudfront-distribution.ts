import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import {
  between,
  check,
  count,
  exactlyOne,
  integer,
  lengthOf,
  matches,
  oneOf,
  select,
  when,
  requires,
} from "./constraints.ts";
import { managedPolicyIds } from "./managed-policies.ts";
import type { Reference } from "./references.ts";
import { certificate, firstOf, refersTo } from "./references.ts";
import { capitals, globalArn, known, letters, list, nested } from "./shapes.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const OAC = "aws:cloudfront/originAccessControl:OriginAccessControl";
const FUNCTION = "aws:cloudfront/function:Function";

const BEHAVIOURS = ["defaultCacheBehavior", "orderedCacheBehaviors[]"];

const policy = (type: string, code: string) => ({
  types: [type],
  except: managedPolicyIds,
  missing: (id: string) => `${code}: The specified policy ${id} does not exist.`,
});

/** What behaviours point at, by path. */
const behaviourReferences: Readonly<Record<string, Reference>> = Object.fromEntries(
  BEHAVIOURS.flatMap((behaviour): [string, Reference][] => [
    [`${behaviour}.cachePolicyId`, policy("aws:cloudfront/cachePolicy:CachePolicy", "NoSuchCachePolicy")],
    [
      `${behaviour}.originRequestPolicyId`,
      policy("aws:cloudfront/originRequestPolicy:OriginRequestPolicy", "NoSuchOriginRequestPolicy"),
    ],
    [
      `${behaviour}.responseHeadersPolicyId`,
      policy("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "NoSuchResponseHeadersPolicy"),
    ],
    [
      `${behaviour}.functionAssociations[].functionArn`,
      {
        types: [FUNCTION],
        by: ["arn"],
        missing: (value: string) => `NoSuchFunctionExists: The function ${value} does not exist`,
      },
    ],
  ]),
);

export const cloudfrontDistribution: Rules = {
  [DISTRIBUTION]: {
    id: (ctx) => `E${capitals(ctx, "distribution", 13)}`,
    defaults: {
      httpVersion: "http2",
      isIpv6Enabled: false,
      priceClass: "PriceClass_All",
      retainOnDelete: false,
      staging: false,
      waitForDeployment: true,
    },
    computed: (ctx) => ({
      arn: globalArn(ctx, "cloudfront", `distribution/${ctx.id}`),
      callerReference: `terraform-${ctx.createdAt.replace(/\D/g, "")}${ctx.hex(9, "reference")}`,
      continuousDeploymentPolicyId: "",
      domainName: `d${letters(ctx, "domain", 13)}.cloudfront.net`,
      etag: `E${capitals(ctx, "etag", 13)}`,
      hostedZoneId: "Z2FDTNDATAQYW2",
      inProgressValidationBatches: 0,
      lastModifiedTime: ctx.createdAt,
      loggingV1Enabled: nested(ctx.inputs["loggingConfig"])["bucket"] !== undefined,
      status: "Deployed",
      trustedKeyGroups: [{ enabled: false, items: [] }],
      trustedSigners: [{ enabled: false, items: [] }],
    }),
    replaceOn: ["staging"],
    writeOnly: ["retainOnDelete", "waitForDeployment"],
    sets: ["aliases", "origins", "customErrorResponses"],
    check: check(
      oneOf("httpVersion", "http1.1", "http2", "http2and3", "http3"),
      oneOf("priceClass", "PriceClass_All", "PriceClass_200", "PriceClass_100", "None"),
      lengthOf("comment", 0, 128),
      count("origins", 1, 100),
      ...BEHAVIOURS.flatMap((behaviour) => [
        oneOf(`${behaviour}.viewerProtocolPolicy`, "allow-all", "https-only", "redirect-to-https"),
        oneOf(`${behaviour}.allowedMethods[]`, "GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
        oneOf(`${behaviour}.cachedMethods[]`, "GET", "HEAD", "OPTIONS"),
        oneOf(`${behaviour}.functionAssociations[].eventType`, "viewer-request", "viewer-response"),
      ]),
      oneOf("restrictions.geoRestriction.restrictionType", "none", "whitelist", "blacklist"),
      oneOf("viewerCertificate.sslSupportMethod", "vip", "sni-only", "static-ip"),
      oneOf(
        "viewerCertificate.minimumProtocolVersion",
        "SSLv3",
        "TLSv1",
        "TLSv1_2016",
        "TLSv1.1_2016",
        "TLSv1.2_2018",
        "TLSv1.2_2019",
        "TLSv1.2_2021",
        "TLSv1.2_2025",
        "TLSv1.3_2025",
      ),
      matches(
        "viewerCertificate.acmCertificateArn",
        /^arn:aws:acm:us-east-1:\d{12}:certificate\//,
        "a certificate in us-east-1",
      ),
      requires("viewerCertificate.acmCertificateArn", "viewerCertificate.sslSupportMethod"),
      when(
        (inputs) => list(inputs, "aliases").length > 0,
        exactlyOne("viewerCertificate.acmCertificateArn", "viewerCertificate.iamCertificateId"),
      ),
      matches(
        "webAclId",
        /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/|^[0-9a-f-]{36}$/,
        "a web ACL of scope CLOUDFRONT in us-east-1",
      ),
      integer("customErrorResponses[].errorCachingMinTtl", 0, 31536000),
      oneOf("customErrorResponses[].errorCode", 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504),
      between("origins[].connectionTimeout", 1, 10),
      between("origins[].connectionAttempts", 1, 3),
      oneOf("origins[].customOriginConfig.originProtocolPolicy", "http-only", "https-only", "match-viewer"),
      matches("origins[].domainName", /^(?!.*\/)[a-z0-9.-]+$/i, "a domain name without scheme and path"),
      matches("origins[].originPath", /^(\/.*[^/])?$/, "a path that begins with / and does not end with it"),
      matches(
        "orderedCacheBehaviors[].pathPattern",
        /^\S{1,255}$/,
        "a path pattern of at most 255 characters",
      ),
      targetsExist,
      cachesKnowHow,
    ),
    admit: firstOf(
      refersTo({
        "viewerCertificate.acmCertificateArn": {
          ...certificate,
          missing: (value) =>
            `InvalidViewerCertificate: The specified SSL certificate doesn't exist: ${value}`,
        },
        webAclId: {
          types: ["aws:wafv2/webAcl:WebAcl"],
          by: ["arn"],
          missing: (value) => `InvalidWebACLId: Web ACL is not accessible by the requester: ${value}`,
        },
        "origins[].originAccessControlId": {
          types: [OAC],
          missing: (id) => `InvalidOriginAccessControl: The origin access control ${id} does not exist.`,
        },
        ...behaviourReferences,
      }),
      freeAliases,
    ),
  },
};

/** Every behaviour must name one of the distribution's origins. */
function targetsExist(inputs: Inputs): Problem[] {
  const origins = [...select(inputs, "origins[].originId"), ...select(inputs, "originGroups[].originId")].map(
    ({ value }) => value,
  );
  if (!list(inputs, "origins").every((origin) => known(nested(origin)["originId"]))) return [];
  return BEHAVIOURS.flatMap((behaviour) => select(inputs, `${behaviour}.targetOriginId`))
    .filter(({ value }) => !origins.includes(value))
    .map(({ path, value }) => ({
      property: path,
      reason: `names no origin of this distribution: "${String(value)}" (there are ${origins.join(", ")})`,
    }));
}

function cachesKnowHow(inputs: Inputs): Problem[] {
  return BEHAVIOURS.flatMap((behaviour) => select(inputs, behaviour))
    .filter(
      ({ value }) =>
        nested(value)["cachePolicyId"] === undefined && nested(value)["forwardedValues"] === undefined,
    )
    .map(({ path }) => ({
      property: `${path}.cachePolicyId`,
      reason: "give cachePolicyId (or the older forwardedValues)",
    }));
}

function freeAliases({ inputs, world, id }: Context): string | undefined {
  const aliases = list(inputs, "aliases");
  const other = world
    .list(DISTRIBUTION)
    .find(
      (entry) => entry.id !== id && list(entry.inputs, "aliases").some((alias) => aliases.includes(alias)),
    );
  return other === undefined
    ? undefined
    : `CNAMEAlreadyExists: One or more of the CNAMEs you provided are already associated with a different resource: distribution ${other.id}`;
}
