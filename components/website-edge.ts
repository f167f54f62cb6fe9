import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

const TWO_YEARS_SECONDS = 63_072_000;

/** Paths of the application's own router have no file extension; CloudFront runs this before it looks into its cache. */
const FALLBACK_SOURCE = `function handler(event) {
  const request = event.request;
  const last = request.uri.split("/").pop();
  if (!last.includes(".")) request.uri = "/index.html";
  return request;
}
`;

/** Makes CloudFront answer the paths of a single-page application with its page, and missing files with a 404. */
export function createFallback(
  name: string,
  opts: pulumi.CustomResourceOptions,
): awsTypes.cloudfront.Function {
  return new aws.cloudfront.Function(
    name,
    {
      comment: "Single-page application: paths without a file extension get index.html",
      runtime: "cloudfront-js-2.0",
      code: FALLBACK_SOURCE,
      publish: true,
    },
    opts,
  );
}

/** The security headers of every answer (OWASP Secure Headers Project). */
export function createResponseHeaders(
  name: string,
  connectSources: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): awsTypes.cloudfront.ResponseHeadersPolicy {
  return new aws.cloudfront.ResponseHeadersPolicy(
    name,
    {
      comment: "Security headers",
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: TWO_YEARS_SECONDS,
          includeSubdomains: true,
          preload: true,
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
        contentSecurityPolicy: {
          contentSecurityPolicy: contentSecurityPolicy(connectSources),
          override: true,
        },
      },
      customHeadersConfig: {
        items: [
          {
            header: "Permissions-Policy",
            value: "camera=(), geolocation=(), microphone=(), payment=()",
            override: true,
          },
        ],
      },
    },
    opts,
  );
}

function contentSecurityPolicy(connectSources: pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all(connectSources).apply((sources) =>
    [
      "default-src 'self'",
      ["connect-src 'self'", ...sources].join(" "),
      "img-src 'self' data:",
      // Component libraries set styles on elements.
      "style-src 'self' 'unsafe-inline'",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
  );
}
