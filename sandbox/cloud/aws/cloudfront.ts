import type { Inputs, Problem, Rule, Rules } from "../rule.ts";
import { cloudfrontDistribution } from "./cloudfront-distribution.ts";
import { check, integer, lengthOf, needs, oneOf, select } from "./constraints.ts";
import { naming, unlessUsed } from "./references.ts";
import { byInput, capitals, globalArn, uuid } from "./shapes.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const OAC = "aws:cloudfront/originAccessControl:OriginAccessControl";
const FUNCTION = "aws:cloudfront/function:Function";

const NAME = {
  property: "name",
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, hyphens and underscores",
  scope: "account",
  autoname: "hex",
} as const;

const BEHAVIOURS = ["defaultCacheBehavior", "orderedCacheBehaviors[]"];

/** A policy that behaviours name by its id. */
function behaviourPolicy(property: string, kind: string, code: string, rule: Partial<Rule>): Rule {
  return {
    name: {
      ...NAME,
      maxLength: 128,
      taken: (name) => `${code}AlreadyExists: a policy with the same name "${name}" already exists`,
    },
    id: (ctx) => uuid(ctx),
    computed: (ctx) => ({
      arn: globalArn(ctx, "cloudfront", `${kind}/${ctx.id}`),
      etag: `E${capitals(ctx, "etag", 13)}`,
    }),
    updateOn: ["name"],
    guardDelete: unlessUsed(
      { [DISTRIBUTION]: BEHAVIOURS.map((behaviour) => `${behaviour}.${property}`) },
      (_, users) =>
        `${code}InUse: Cannot delete the policy because it is attached to one or more cache behaviors (${naming(users)})`,
    ),
    ...rule,
  };
}

export const cloudfront: Rules = {
  ...cloudfrontDistribution,
  [OAC]: {
    name: {
      ...NAME,
      maxLength: 64,
      taken: (name) =>
        `OriginAccessControlAlreadyExists: An origin access control with the same name ${name} already exists.`,
    },
    id: (ctx) => `E${capitals(ctx, "control", 13)}`,
    defaults: { description: "Managed by Pulumi" },
    computed: (ctx) => ({
      arn: globalArn(ctx, "cloudfront", `origin-access-control/${ctx.id}`),
      etag: `E${capitals(ctx, "etag", 13)}`,
    }),
    updateOn: ["name"],
    check: check(
      lengthOf("description", 0, 256),
      oneOf("originAccessControlOriginType", "s3", "lambda", "mediapackagev2", "mediastore"),
      oneOf("signingBehavior", "always", "never", "no-override"),
      oneOf("signingProtocol", "sigv4"),
    ),
    guardDelete: unlessUsed(
      { [DISTRIBUTION]: ["origins[].originAccessControlId"] },
      (_, users) =>
        `OriginAccessControlInUse: Cannot delete the origin access control because it is in use (${naming(users)})`,
    ),
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": behaviourPolicy(
    "responseHeadersPolicyId",
    "response-headers-policy",
    "ResponseHeadersPolicy",
    {
      check: check(
        oneOf("securityHeadersConfig.frameOptions.frameOption", "DENY", "SAMEORIGIN"),
        oneOf(
          "securityHeadersConfig.referrerPolicy.referrerPolicy",
          "no-referrer",
          "no-referrer-when-downgrade",
          "origin",
          "origin-when-cross-origin",
          "same-origin",
          "strict-origin",
          "strict-origin-when-cross-origin",
          "unsafe-url",
        ),
        integer("securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec", 0, 2147483647),
        customHeaders,
      ),
    },
  ),
  "aws:cloudfront/cachePolicy:CachePolicy": behaviourPolicy("cachePolicyId", "cache-policy", "CachePolicy", {
    defaults: { defaultTtl: 86400, maxTtl: 31536000, minTtl: 0 },
    check: check(
      oneOf(
        "parametersInCacheKeyAndForwardedToOrigin.cookiesConfig.cookieBehavior",
        "none",
        "whitelist",
        "allExcept",
        "all",
      ),
      oneOf("parametersInCacheKeyAndForwardedToOrigin.headersConfig.headerBehavior", "none", "whitelist"),
      oneOf(
        "parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig.queryStringBehavior",
        "none",
        "whitelist",
        "allExcept",
        "all",
      ),
    ),
  }),
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": behaviourPolicy(
    "originRequestPolicyId",
    "origin-request-policy",
    "OriginRequestPolicy",
    {
      check: check(
        oneOf("cookiesConfig.cookieBehavior", "none", "whitelist", "all", "allExcept"),
        oneOf(
          "headersConfig.headerBehavior",
          "none",
          "whitelist",
          "allViewer",
          "allViewerAndWhitelistCloudFront",
          "allExcept",
        ),
        oneOf("queryStringsConfig.queryStringBehavior", "none", "whitelist", "all", "allExcept"),
      ),
    },
  ),
  [FUNCTION]: {
    name: {
      ...NAME,
      maxLength: 64,
      taken: (name) => `FunctionAlreadyExists: A function with the same name ${name} already exists.`,
    },
    id: byInput("name"),
    defaults: { publish: true },
    computed: (ctx) => ({
      arn: globalArn(ctx, "cloudfront", `function/${ctx.id}`),
      etag: `E${capitals(ctx, "etag", 13)}`,
      liveStageEtag: `E${capitals(ctx, "live", 13)}`,
      status: "UNASSOCIATED",
    }),
    writeOnly: ["publish"],
    check: check(
      oneOf("runtime", "cloudfront-js-1.0", "cloudfront-js-2.0"),
      lengthOf("code", 1, 10240),
      needs("for a function", "code"),
    ),
    guardDelete: unlessUsed(
      { [DISTRIBUTION]: BEHAVIOURS.map((behaviour) => `${behaviour}.functionAssociations[].functionArn`) },
      (_, users) => `FunctionInUse: Cannot delete function, it is in use by distributions (${naming(users)})`,
    ),
  },
};

/** Headers CloudFront keeps out of custom headers because they have a setting of their own. */
function customHeaders(inputs: Inputs): Problem[] {
  const own = [
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "x-xss-protection",
  ];
  return select(inputs, "customHeadersConfig.items[].header")
    .filter(({ value }) => own.includes(String(value).toLowerCase()))
    .map(({ path, value }) => ({
      property: path,
      reason: `"${String(value)}" is a security header: set it in securityHeadersConfig`,
    }));
}
