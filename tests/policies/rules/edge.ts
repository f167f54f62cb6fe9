import { domainTls } from "../../../policies/rules/apigateway/domain-tls.ts";
import { originHttps } from "../../../policies/rules/cloudfront/origin-https.ts";
import { tlsVersion } from "../../../policies/rules/cloudfront/tls-version.ts";
import { viewerHttps } from "../../../policies/rules/cloudfront/viewer-https.ts";
import { dropInvalidHeaders } from "../../../policies/rules/lb/drop-invalid-headers.ts";
import { listenerHttps } from "../../../policies/rules/lb/listener-https.ts";
import { describeRule, mustBe, mustBeSet, unknown } from "../harness.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const https = "one of redirect-to-https, https-only";

const listenerMessage = (is: string): string =>
  `protocol is ${is}; it must be HTTPS, or a redirect to it. ` +
  'Set protocol to HTTPS with a certificateArn, or defaultActions to one of type "redirect" with protocol HTTPS.';
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };

describeRule(
  listenerHttps,
  ["aws:lb/listener:Listener", "aws:alb/listener:Listener"].flatMap((type) => [
    {
      type,
      compliant: {
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        defaultActions: [{ type: "fixed-response" }],
      },
      alsoCompliant: [{ protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }],
      mutations: [
        {
          path: "sslPolicy",
          value: "ELBSecurityPolicy-2016-08",
          conditions: ["protocol"],
          messages: [
            'sslPolicy is "ELBSecurityPolicy-2016-08"; it must be a policy of TLS 1.2 and newer. Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one.',
          ],
        },
        {
          path: "sslPolicy",
          value: undefined,
          conditions: ["protocol"],
          messages: [
            "sslPolicy is not set; it must be a policy of TLS 1.2 and newer. Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one.",
          ],
        },
        ...["HTTP", undefined].map((value) => ({
          path: "protocol",
          value,
          conditions: ["defaultActions", "port"],
          messages: [listenerMessage('"HTTP"')],
        })),
        {
          path: "protocol",
          value: "TCP",
          conditions: ["defaultActions"],
          messages: [
            'protocol is "TCP"; it must be TLS. Set protocol to TLS with a certificateArn and an sslPolicy.',
          ],
        },
      ],
    },
    {
      type,
      compliant: { port: 80, protocol: "HTTP", defaultActions: [redirect] },
      alsoCompliant: [
        { port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: unknown }] },
      ],
      mutations: [
        ...Object.entries({
          "defaultActions.0.type": ["forward", undefined],
          "defaultActions.0.redirect.protocol": ["HTTP", undefined],
          defaultActions: [undefined],
        }).flatMap(([path, values]) =>
          values.map((value) => ({
            path,
            value,
            conditions: ["protocol"],
            messages: [listenerMessage('"HTTP"')],
          })),
        ),
      ],
    },
  ]),
);

describeRule(
  dropInvalidHeaders,
  ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"].map((type) => ({
    type,
    compliant: { loadBalancerType: "application", dropInvalidHeaderFields: true },
    alsoCompliant: [{ loadBalancerType: "network" }],
    mutations: [
      {
        path: "dropInvalidHeaderFields",
        value: undefined,
        conditions: ["loadBalancerType"],
        messages: [
          "dropInvalidHeaderFields is not set; it must be true. Set dropInvalidHeaderFields to true.",
        ],
      },
      {
        path: "desyncMitigationMode",
        value: "monitor",
        conditions: ["loadBalancerType"],
        messages: [mustBe("desyncMitigationMode", '"monitor"', "defensive or strictest", "to defensive")],
      },
    ],
  })),
);

describeRule(viewerHttps, [
  {
    type: DISTRIBUTION,
    compliant: {
      enabled: true,
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
      orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }],
    },
    mutations: [
      mustBeSet("defaultCacheBehavior.viewerProtocolPolicy", https),
      mustBeSet("orderedCacheBehaviors.0.viewerProtocolPolicy", https),
      {
        path: "defaultCacheBehavior.viewerProtocolPolicy",
        value: "allow-all",
        messages: [
          `defaultCacheBehavior.viewerProtocolPolicy is "allow-all"; it must be ${https}. Set defaultCacheBehavior.viewerProtocolPolicy to ${https}.`,
        ],
      },
      {
        path: "orderedCacheBehaviors.0.viewerProtocolPolicy",
        value: "allow-all",
        messages: [
          `orderedCacheBehaviors[0].viewerProtocolPolicy is "allow-all"; it must be ${https}. Set orderedCacheBehaviors[0].viewerProtocolPolicy to ${https}.`,
        ],
      },
    ],
  },
]);

describeRule(tlsVersion, [
  {
    type: DISTRIBUTION,
    compliant: {
      aliases: ["app.example.com"],
      viewerCertificate: { acmCertificateArn: unknown, minimumProtocolVersion: "TLSv1.2_2021" },
    },
    alsoCompliant: [
      { viewerCertificate: { cloudfrontDefaultCertificate: true } },
      { aliases: ["app.example.com"], viewerCertificate: { minimumProtocolVersion: "TLSv1.3_2025" } },
    ],
    // CloudFront's own name takes no setting.
    decides: ["aliases"],
    mutations: [
      mustBeSet("viewerCertificate.minimumProtocolVersion", "TLSv1.2_2019 or newer", "to TLSv1.2_2021"),
      {
        path: "viewerCertificate.minimumProtocolVersion",
        value: "TLSv1.1_2016",
        messages: [
          'viewerCertificate.minimumProtocolVersion is "TLSv1.1_2016"; it must be TLSv1.2_2019 or newer. Set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021.',
        ],
      },
    ],
  },
]);

describeRule(originHttps, [
  {
    type: DISTRIBUTION,
    compliant: {
      origins: [
        { domainName: "bucket" },
        { customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] } },
      ],
    },
    mutations: [
      mustBeSet("origins.1.customOriginConfig.originProtocolPolicy", "https-only"),
      {
        path: "origins.1.customOriginConfig.originProtocolPolicy",
        value: "match-viewer",
        messages: [
          'origins[1].customOriginConfig.originProtocolPolicy is "match-viewer"; it must be https-only. Set origins[1].customOriginConfig.originProtocolPolicy to https-only.',
        ],
      },
      {
        path: "origins.1.customOriginConfig.originSslProtocols",
        value: ["TLSv1", "TLSv1.2"],
        messages: [
          'origins[1].customOriginConfig.originSslProtocols is ["TLSv1","TLSv1.2"]; it must be ["TLSv1.2"]. Set origins[1].customOriginConfig.originSslProtocols to ["TLSv1.2"].',
        ],
      },
    ],
  },
]);

describeRule(domainTls, [
  {
    type: "aws:apigatewayv2/domainName:DomainName",
    compliant: { domainName: "api.example.com", domainNameConfiguration: { securityPolicy: "TLS_1_2" } },
    mutations: [
      mustBeSet("domainNameConfiguration.securityPolicy", "TLS_1_2 or newer", "to TLS_1_2"),
      {
        path: "domainNameConfiguration.securityPolicy",
        value: "TLS_1_0",
        messages: [
          'domainNameConfiguration.securityPolicy is "TLS_1_0"; it must be TLS_1_2 or newer. Set domainNameConfiguration.securityPolicy to TLS_1_2.',
        ],
      },
    ],
  },
  {
    type: "aws:apigateway/domainName:DomainName",
    compliant: { domainName: "api.example.com", securityPolicy: "TLS_1_2" },
    mutations: [
      {
        path: "securityPolicy",
        value: undefined,
        messages: ["securityPolicy is not set; it must be TLS_1_2 or newer. Set securityPolicy to TLS_1_2."],
      },
    ],
  },
]);
